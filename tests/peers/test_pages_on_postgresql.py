"""The questions of the hottest pages on a real PostgreSQL: the very answers that SQLite gives."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bench import pages as bench
from governance.secretariat import body_page, overview
from governance.secretariat.office import Office, open_office
from governance.store.door_tables import MailReply
from governance.store.tables import AttendanceRow, Occasion, Step
from tests.peers.test_postgresql import postgresql  # noqa: F401  # the fixture

pytestmark = [pytest.mark.peers, pytest.mark.slow]


def filled(office: Office) -> None:
    """Four years, and one of everything that can wait."""
    bench.fill(office)
    town = office.municipalities[0].id
    with office.archive.write() as session:
        held = select(Occasion).filter_by(key="styrgrupp", status="closed").order_by(Occasion.day.desc())
        meeting = session.scalars(held).first()
        coming = session.scalars(select(Occasion).filter_by(status="convened").order_by(Occasion.day)).first()
        assert meeting is not None
        assert coming is not None
        meeting.status = "held"
        session.add(Step(occasion_id=meeting.id, kind="approval", due=bench.NOW - timedelta(days=5)))
        session.add(AttendanceRow(occasion_id=meeting.id, person="karin.ahlen", presence="excused", note=""))
        reply = {"municipality": town, "occasion_id": meeting.id, "person": "eva.holm", "text": "Ja"}
        session.add(MailReply(**reply, message_id="<1>", at=bench.NOW))
        failed = {"done": None, "attempts": 2, "due": bench.NOW, "evidence": "misslyckades: mallen"}
        session.execute(update(Step).where(Step.occasion_id == coming.id, Step.kind == "invitation").values(**failed))


def told(office: Office, person: str) -> list[object]:
    """What the pages show somebody."""
    town = office.municipalities[0]
    who = overview.viewer(town, person, bench.NOW)
    with office.archive.read() as session:
        seen = overview.look(session, who, bench.NOW.year)
        bodies = [body_page.look(session, who, town.bodies[each], 2029) for each in who.bodies]
        chain = body_page.chain(session, who)
    return [seen.errands, seen.coming, seen.duties, [tuple(row) for row in seen.rows], bodies, chain]


def test_overview_and_bodies_are_those_of_sqlite(tmp_path: Path, postgresql: str) -> None:  # noqa: F811
    with ExitStack() as stack:
        both = [
            stack.enter_context(open_office(bench.ROOT / "config.yaml", bench.NOW, database, tmp_path))
            for database in ("", postgresql)
        ]
        for office in both:
            filled(office)
        for person in ("mats.oberg", "lars.bystrom", "sara.lindqvist"):
            one, other = (told(office, person) for office in both)
            assert one == other
        kinds = {each.kind for each in told(both[0], "mats.oberg")[0]}  # type: ignore[attr-defined]
        assert {"approve", "answers", "failed", "replies", "action"} <= kinds
