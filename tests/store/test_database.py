"""The archive: opened, upgraded, refused with reasons; one transaction at a time."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from governance import bundled
from governance.store import queries
from governance.store.database import HEAD, Archive, ArchiveProblem
from governance.store.tables import Base, GovernanceVersion, Occasion, Step
from tests.world import START, ZONE


@pytest.fixture
def archive(blank_archive: Path, tmp_path: Path) -> Archive:
    file = tmp_path / "kadens.db"
    file.write_bytes(blank_archive.read_bytes())
    found = Archive(f"sqlite:///{file}")
    found.prepare(START)
    return found


def meeting(day: str = "2027-01-12", **more: object) -> Occasion:
    fields = {"municipality": "prov", "kind": "meeting", "key": "gruppen", "starts": time(9), "ends": time(10), **more}
    return Occasion(slot=date.fromisoformat(day), day=date.fromisoformat(day), **fields)


def problem_of(url: str) -> str:
    with pytest.raises(ArchiveProblem) as caught:
        Archive(url).prepare(START)
    return str(caught.value)


# --- migrations ------------------------------------------------------------------------------------------------


def test_migrations_make_exactly_the_tables_of_the_code(archive: Archive) -> None:
    with archive.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(bundled.folder("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_archive_opened_again_keeps_its_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KADENS_INSTALLATION", raising=False)
    url = f"sqlite:///{tmp_path / 'new' / 'kadens.db'}"
    first = Archive(url)
    key = first.prepare(START)
    first.close()
    monkeypatch.setenv("KADENS_INSTALLATION", "another")
    second = Archive(url)
    assert second.prepare(START + timedelta(days=1)) == key
    second.close()
    assert len(key) == 16


# --- refused with reasons --------------------------------------------------------------------------------------


def test_database_of_a_newer_version_is_refused(archive: Archive, tmp_path: Path) -> None:
    archive.close()
    with sqlite3.connect(tmp_path / "kadens.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    connection.close()
    assert problem_of(archive.url) == (
        f"Databasen {archive.url} är gjord av en nyare version av kadens (0099; den här kan {HEAD}). "
        "Uppgradera kadens eller peka ut en annan databas med --database."
    )


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kadens.db"
    file.write_text("Protokoll fört vid sammanträde …" * 100, encoding="utf-8")
    assert problem_of(f"sqlite:///{file}") == (
        f"Filen är ingen databas. Peka ut rätt fil med --database eller flytta undan den. (sqlite:///{file})"
    )
    assert file.read_text(encoding="utf-8").startswith("Protokoll")


def test_database_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kadens.db"
    sqlite3.connect(file).close()
    file.touch()
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    assert problem_of(url).startswith("Databasen kan inte skrivas: filen eller mappen är skrivskyddad.")


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "mapp").write_text("en fil", encoding="utf-8")
    assert problem_of(f"sqlite:///{tmp_path / 'mapp' / 'under' / 'kadens.db'}").startswith(
        "Databasens mapp kan inte skapas:"
    )


def test_database_in_the_place_of_a_folder_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "kadens.db").mkdir()
    assert problem_of(f"sqlite:///{tmp_path / 'kadens.db'}").startswith("Databasen kan inte öppnas.")


@pytest.mark.parametrize("url", ["inte en adress", "oracle-of-delphi://x", "mysql+nothing://x"])
def test_address_that_is_none_is_refused(url: str) -> None:
    assert problem_of(url).startswith(f"{url} är ingen databasadress.")


def test_database_in_use_is_told_as_such(archive: Archive, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "kadens.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with archive.engine.execution_options(kadens_reading=True).connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    with pytest.raises(ArchiveProblem, match="upptagen av en annan körning"), archive.write() as session:
        session.scalar(select(Occasion.id))
    other.close()


# --- transactions ----------------------------------------------------------------------------------------------


def test_write_is_whole_or_not_at_all(archive: Archive) -> None:
    def fail() -> None:
        with archive.write() as session:
            session.add(meeting())
            session.flush()
            raise RuntimeError("the plug")

    with pytest.raises(RuntimeError, match="the plug"):
        fail()
    with archive.read() as session:
        assert queries.occasions(session, "prov") == []


def test_what_a_reader_changes_is_thrown_away(archive: Archive) -> None:
    with archive.write() as session:
        session.add(meeting())
    with archive.read() as session:
        queries.occasions(session, "prov")[0].status = "cancelled"
    with archive.read() as session:
        assert queries.occasions(session, "prov")[0].status == "planned"


def test_writer_does_not_shut_a_reader_out(archive: Archive) -> None:
    with archive.write() as writing:
        writing.add(meeting())
        writing.flush()
        with archive.read() as reading:
            assert queries.occasions(reading, "prov") == []


def test_same_slot_twice_is_a_mistake_and_not_the_databases_fault(archive: Archive) -> None:
    def twice() -> None:
        with archive.write() as session:
            session.add_all([meeting(), meeting()])

    with pytest.raises(IntegrityError):
        twice()


def test_moments_come_back_aware_and_naive_ones_are_refused(archive: Archive) -> None:
    stamp = datetime(2027, 7, 1, 9, 30, tzinfo=ZONE)
    with archive.write() as session:
        session.add(meeting(stamp=stamp))
    with archive.read() as session:
        found = session.scalars(select(Occasion.stamp)).one()
    assert (found, found.tzinfo) == (stamp, UTC)

    def naive() -> None:
        with archive.write() as session:
            session.add(meeting("2027-01-19", stamp=datetime(2027, 7, 1, 9, 30)))

    with pytest.raises(Exception, match="a stored moment needs its zone"):
        naive()


# --- questions -------------------------------------------------------------------------------------------------


def test_steps_fall_due_in_order(archive: Archive) -> None:
    with archive.write() as session:
        row = meeting()
        session.add(row)
        session.flush()
        for kind, hour in (
            ("status_reminder_2", 9),
            ("status_reminder_1", 8),
            ("statusXreminder_1", 8),
            ("agenda", 10),
        ):
            due = datetime(2027, 1, 11, hour, tzinfo=ZONE)
            session.add(Step(occasion_id=row.id, kind=kind, due=due))
    now = datetime(2027, 1, 11, 9, 30, tzinfo=ZONE)
    with archive.read() as session:
        found = [kind for _, kind in queries.due_steps(session, "prov", now)]
        assert found == ["statusXreminder_1", "status_reminder_1", "status_reminder_2"]
        assert queries.next_moment(session, ["prov"], now) == datetime(2027, 1, 11, 10, tzinfo=ZONE)
        assert queries.due_steps(session, "another", now + timedelta(days=1)) == []


def test_step_that_failed_is_due_when_it_is_tried_again(archive: Archive) -> None:
    again, later = datetime(2027, 1, 11, 11, tzinfo=ZONE), datetime(2027, 1, 12, 8, tzinfo=ZONE)
    with archive.write() as session:
        row = meeting()
        session.add(row)
        session.flush()
        due = datetime(2027, 1, 11, 9, tzinfo=ZONE)
        session.add(Step(occasion_id=row.id, kind="agenda", due=due, retry=again, evidence="misslyckades"))
        session.add(Step(occasion_id=row.id, kind="minutes", due=later))
    before = again - timedelta(minutes=1)
    with archive.ask() as asking:
        assert queries.due_steps(asking, "prov", before) == []
        assert queries.next_moment(asking, ["prov"], before) == again
        assert [kind for _, kind in queries.due_steps(asking, "prov", again)] == ["agenda"]
        assert queries.next_moment(asking, ["prov"], again) == later
        assert queries.next_moment(asking, ["prov"], later) is None


def test_step_is_claimed_by_one_only(archive: Archive) -> None:
    with archive.write() as session:
        row = meeting()
        session.add(row)
        session.flush()
        step = Step(occasion_id=row.id, kind="agenda", due=START)
        session.add(step)
    with archive.write() as session:
        claimed = queries.claim(session, step.id)
        assert claimed is not None
        taken, occasion = claimed
        assert occasion.id == row.id
        taken.done = START
    with archive.write() as session:
        assert queries.claim(session, step.id) is None


def test_meeting_is_named_by_slot_before_day(archive: Archive) -> None:
    with archive.write() as session:
        moved = meeting("2027-01-12")
        moved.day = date(2027, 1, 19)
        session.add_all([moved, meeting("2027-01-19")])
    with archive.read() as session:
        found = queries.meeting_named(session, "prov", "gruppen", date(2027, 1, 19))
        assert found is not None
        assert found.slot == date(2027, 1, 19)


def test_governance_of_a_day_is_the_last_adopted_by_then_else_the_first(archive: Archive) -> None:
    with archive.write() as session:
        for number, month in enumerate((2, 4, 4), start=1):
            adopted = datetime(2027, month, 1, tzinfo=ZONE)
            row = GovernanceVersion(municipality="prov", fingerprint=str(number), facts={}, adopted=adopted)
            session.add(row)
            session.flush()
    with archive.read() as session:
        found = [
            queries.governance_on(session, "prov", datetime(2027, month, 15, tzinfo=ZONE)) for month in (1, 2, 3, 4)
        ]
        assert [row.fingerprint for row in found if row] == ["1", "1", "1", "3"]
