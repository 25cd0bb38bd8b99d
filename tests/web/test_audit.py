"""The log: whole as long as nobody touches it, found out when somebody does, and readable for admins alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from governance import bundled
from governance.secretariat import audit
from governance.secretariat.audit import Doer
from governance.secretariat.office import open_office
from governance.store.door_tables import AuditEntry
from tests.web.conftest import Pages
from tests.world import START, TOWN, World, plain

MakePages = Callable[..., Pages]
ADMIN = TOWN + "access: {admin: [kia.holm]}\n"


def written(world: World, rows: int) -> None:
    with world.office.archive.write() as session:
        for number in range(rows):
            doer = Doer("siv.sand", "secretary", world.municipality.id, "gruppen", f"r{number}")
            audit.note(session, world.office, doer, "agenda.add", f"gruppen/{number}", "", f"ärende {number}")


def broken(world: World) -> int | None:
    with world.read() as session:
        return audit.broken_at(session)


def test_log_is_whole_as_written(world: World) -> None:
    written(world, 50)
    assert broken(world) is None


@pytest.mark.parametrize("column", ["at", "person", "role", "body", "action", "object", "after", "request", "hash"])
def test_one_altered_row_is_found_whatever_was_altered(world: World, column: str) -> None:
    written(world, 20)
    with world.office.archive.write() as session:
        value = text("datetime(at, '+1 second')") if column == "at" else "annat"
        session.execute(update(AuditEntry).where(AuditEntry.id == 11).values({column: value}))
    assert broken(world) == 11


def test_a_row_taken_out_or_put_in_is_found(world: World) -> None:
    written(world, 20)
    with world.office.archive.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == 7))
    assert broken(world) == 8


@pytest.mark.slow
def test_one_altered_row_among_a_hundred_thousand_is_found(world: World) -> None:
    rows, previous = [], audit.BEGINNING
    for number in range(1, 100_001):
        row = AuditEntry(
            id=number, at=START, municipality="prov", person="siv.sand", role="secretary", body="gruppen",
            action="agenda.add", object=str(number), before="", after="", request="", previous=previous, hash="",
        )  # fmt: skip
        previous = row.hash = audit._link(row)
        rows.append({column.name: getattr(row, column.name) for column in AuditEntry.__table__.columns})
    with world.office.archive.write() as session:
        session.execute(insert(AuditEntry), rows)
    assert broken(world) is None
    with world.office.archive.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 61_803).values(object="61804"))
    assert broken(world) == 61_803


def test_rows_stay_chained_when_several_write_at_once(world: World, tmp_path: Path) -> None:
    def write(number: int) -> None:
        with open_office(world.file, world.office.now, folder=world.folder / "data") as office:
            for turn in range(10):
                with office.archive.write() as session:
                    audit.note(session, office, Doer(f"p{number}"), "agenda.add", str(turn))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.read() as session:
        assert len(list(session.scalars(select(AuditEntry.id)))) == 40
    assert broken(world) is None


def test_texts_are_kept_as_fingerprints_alone(world: World) -> None:
    written(world, 1)
    with world.read() as session:
        row = session.scalars(select(AuditEntry)).one()
    assert (row.before, row.after) == ("", audit.fingerprint("ärende 0"))
    assert "ärende" not in row.after


# --- its page ------------------------------------------------------------------------------------------------------


def test_log_is_for_admins_alone(pages: MakePages) -> None:
    made = pages(ADMIN)
    path = f"/{made.town}/logg"
    statuses = {each: made.visitor(each).get(path).status_code for each in ("kia.holm", "siv.sand", "bo.hus")}
    assert statuses == {"kia.holm": 200, "siv.sand": 403, "bo.hus": 403}


def test_log_page_tells_in_words_and_that_it_is_whole(pages: MakePages) -> None:
    made = pages(ADMIN)
    made.visitor("siv.sand").post("/logga-ut")
    with made.world.office.archive.write() as session:
        audit.note(session, made.world.office, Doer("x", municipality="annan-kommun"), "agenda.add", "hemligt")
        doer = Doer("siv.sand", "reader,secretary", made.town, "gruppen")
        audit.note(session, made.world.office, doer, "agenda.park", "gruppen/7")
    shown = plain(made.visitor("kia.holm").get(f"/{made.town}/logg").text)
    assert "Siv Sand läsare , sekreterare parkerade ett ärende Gruppen 7" in shown
    assert "Loggen är hel" in shown
    assert "1 januari 2027 kl. 06.00 Siv Sand loggade ut med länk eller kod" in shown
    assert "hemligt" not in shown


def test_everything_that_is_noted_has_words() -> None:
    page = bundled.folder("templates").joinpath("pages/log.html.j2").read_text("utf-8")
    sources = Path(audit.__file__).parent.glob("*.py")
    called = re.compile(r'note(?:_for)?\([^()]*?"([a-z_]+\.[a-z-]+)"')
    noted = {name for source in sources for name in called.findall(source.read_text("utf-8"))}
    assert {"session.begin", "agenda.park"} <= noted
    assert sorted(name for name in noted if f'"{name}":' not in page) == []


def test_log_page_tells_where_it_is_broken(pages: MakePages) -> None:
    made = pages(ADMIN)
    written(made.world, 5)
    with made.world.office.archive.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 3).values(person="kia.holm"))
    assert "Loggen är bruten vid rad 3." in made.visitor("kia.holm").get(f"/{made.town}/logg").text
