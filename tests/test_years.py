"""Whole years, as `make run` and the examples promise them: every follow-up on time, nothing failed, nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from governance.config.record import read_record
from governance.model.duties import clocks, earliest_due
from governance.secretariat.figures import evidence_of
from governance.secretariat.office import Done, Office, open_office
from governance.secretariat.record import arrivals
from governance.secretariat.sweep import walk
from governance.store.tables import Dispatch, Occasion, Paper, Step

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("Europe/Stockholm")
START = datetime(2027, 1, 1, 6, 0, tzinfo=ZONE)
LAST = date(2027, 12, 31)
END = datetime(2027, 12, 31, 23, 59, tzinfo=ZONE)
ROOT = Path(__file__).parents[1]


def whole_year(office: Office, record: Path | None = None) -> list[Done]:
    """Everything done in 2027."""
    incoming = {}
    if record is not None:
        read = read_record(record, office.municipalities)
        assert read.problems == ()
        for town in office.municipalities:
            incoming[town.id] = arrivals(town, [entry for key, entry in read.entries if key == town.id])
    return [done for moment in walk(office, LAST, incoming) for done in moment.done]


def editions(office: Office) -> list[tuple[str, date, date]]:
    """(kind, the day it was due at its organ or by law, the day it was first made) of each follow-up, by day."""
    with office.archive.read() as session:
        rows = session.execute(
            select(Paper.kind, Occasion.slot, Paper.made)
            .join(Occasion, Occasion.id == Paper.occasion_id)
            .where(Occasion.kind == "edition", Paper.version == 1)
            .order_by(Paper.made)
        )
        return [(kind, slot, made.astimezone(ZONE).date()) for kind, slot, made in rows]


def test_the_recorded_year_makes_every_paper_and_leaves_nothing_undone(tmp_path: Path) -> None:
    with open_office(ROOT / "config.yaml", START, folder=tmp_path) as office:
        done = whole_year(office, ROOT / "examples" / "record")
        assert [each for each in done if each.failed] == []
        with office.archive.read() as session:
            papers = Counter(session.scalars(select(Paper.kind).where(Paper.version == 1)))
            held = Counter(
                session.scalars(
                    select(Occasion.key).where(Occasion.kind == "meeting", Occasion.status.in_(("held", "closed")))
                )
            )
            undone = list(session.scalars(select(Step.kind).where(Step.done.is_(None), Step.due <= END)))
            yearly = select(Occasion.status).filter_by(kind="edition", key="arlig-uppfoljning", slot=date(2027, 10, 21))
            handled = session.scalar(yearly)
            unsent = list(session.scalars(select(Dispatch.name).where(Dispatch.state != "sent")))
        assert held == {
            "operativ-grupp": 44,
            "beredningsgrupp": 10,
            "brottsforebyggande-rad": 4,
            "styrgrupp": 2,
            "kommunstyrelsen": 1,
        }
        assert papers == {
            "agenda": 61,
            "minutes": 60,
            "situation": 44,
            "two_year_follow_up": 1,
            "annual_follow_up": 1,
        }
        assert (undone, unsent, handled) == ([], [], "closed")


def test_the_recorded_year_winds_up_the_clocks_of_the_law(tmp_path: Path) -> None:
    with open_office(ROOT / "config.yaml", START, folder=tmp_path) as office:
        whole_year(office, ROOT / "examples" / "record")
        assert editions(office) == [
            ("two_year_follow_up", date(2027, 6, 10), date(2027, 5, 5)),
            ("annual_follow_up", date(2027, 10, 21), date(2027, 10, 11)),
        ]
        town = office.municipalities[0]
        with office.archive.read() as session:
            assert earliest_due(clocks(town.duties, evidence_of(session, town))) == date(2029, 6, 7)


@pytest.mark.parametrize("name", ["lulea", "lilla-edet", "linkoping"])
def test_each_example_runs_its_year_and_its_follow_ups_come_before_they_are_due(name: str, tmp_path: Path) -> None:
    with open_office(ROOT / "examples" / f"{name}.yaml", START, folder=tmp_path) as office:
        done = whole_year(office)
        assert [each for each in done if each.failed] == []
        made = editions(office)
        assert {kind for kind, _, _ in made} == {"annual_follow_up", "two_year_follow_up"}
        assert [row for row in made if row[2] >= row[1]] == []
