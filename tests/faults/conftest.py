"""The unbroken runs that all broken ones are held against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.runs import Span, files, kadens


def _unbroken(span: Span) -> Span:
    """Runs the span undisturbed and counts its moments."""
    ended = kadens("after-commit", 0, *span.arguments(span.begin(span.whole)), module="tests.faults.deadly")
    assert ended.status == 0
    before = files(span.before) if span.before else {}
    return replace(span, commits=int(ended.err), files=len(files(span.whole)) - len(before))


@pytest.fixture(scope="session")
def first_days(tmp_path_factory: pytest.TempPathFactory) -> Span:
    """A new archive, the plan of eighteen months, the first invitations and questions, and a first meeting."""
    return _unbroken(Span(None, "2027-01-01", "2027-01-13", tmp_path_factory.mktemp("first") / "data"))


@pytest.fixture(scope="session")
def february(tmp_path_factory: pytest.TempPathFactory) -> Span:
    """Some weeks of everyday: agendas, notes, weekly pictures, questions, reminders, and a protocol approved."""
    folder = tmp_path_factory.mktemp("february")
    before = Span(None, "2027-01-01", "2027-02-08", folder / "before")
    assert kadens(*before.arguments(before.whole)).status == 0
    span = _unbroken(Span(before.whole, "2027-02-09", "2027-02-23", folder / "data"))
    new = files(span.whole).keys() - files(before.whole).keys()
    kinds = {"lagesfraga", "paminnelse", "dagordning", "minnesanteckningar", "veckolagesbild", "protokoll", "justerat"}
    assert [kind for kind in kinds if not any(kind in name for name in new)] == []
    return span
