"""A body's rhythm is changed in the middle of its year: what is called waits for a yes, what is not follows, once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.faults.runs import ROOT, Span, files, kadens, rows

pytestmark = pytest.mark.faults
BODY = "operativ-grupp"


def changed(config: Path, old: str, new: str) -> Path:
    """config.yaml with another rhythm for the operational group."""
    head, name, tail = (ROOT / "config.yaml").read_text("utf-8").partition(f"  {BODY}:\n")
    assert old in tail.partition("\n    seats:")[0]
    config.write_text(head + name + tail.replace(old, new, 1), "utf-8")
    return config


def calendars(data: Path, names: Iterable[str]) -> dict[tuple[str, str], dict[str, str]]:
    """What the calendar objects of mails say, by the meeting's UID and the recipient."""
    found = {}
    for name in sorted(names):
        mail = BytesParser(policy=policy.default).parsebytes((data / name).read_bytes())
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        if parts:
            said = re.findall(r"^(UID|SEQUENCE|METHOD|DTSTART)[;:](.*?)\r?$", parts[0].get_content(), re.MULTILINE)
            facts = {key: value.rpartition(":")[2] for key, value in said}  # the last DTSTART is the event's
            found[facts.pop("UID"), str(mail["To"])] = facts
    return found


@pytest.mark.parametrize(
    ("old", "new", "method"),
    [
        # Another weekday is another meeting, for the day the rhythm wished for is a meeting's identity.
        ("on: tuesday", "on: thursday", "CANCEL"),
        ("09:00-10:00", "10:30-11:30", "REQUEST"),
    ],
)
def test_a_rhythm_changed_mid_year_reaches_the_called_once_and_only_on_confirmation(
    old: str, new: str, method: str, tmp_path: Path, february: Span
) -> None:
    data = tmp_path / "data"
    shutil.copytree(february.whole, data)
    shared = ["--config", changed(tmp_path / "config.yaml", old, new), "--today", "2027-02-24", "--data", data]

    def run(*verb: str) -> None:
        ended = kadens(*shared, *verb)
        assert (ended.status, ended.err) == (0, "")

    def waiting() -> list[dict[str, object]]:
        lines = json.loads(kadens(*shared, "plan", "--format", "json").out)
        return [line for line in lines if line["change"] != "untouched"]

    def of(names: Iterable[str]) -> dict[tuple[str, str], dict[str, str]]:
        return {key: facts for key, facts in calendars(data, names).items() if key[0].startswith(BODY)}

    shown = waiting()
    called = [line["slot"] for line in shown if line["called"]]
    assert ({line["body"] for line in shown}, len(shown) > len(called) > 0) == ({BODY}, True)

    run("run", "--no-prefect")  # what nobody has been called to follows the config; the called wait
    assert [line["slot"] for line in waiting()] == called

    before = files(data)
    invited = {(uid, to) for uid, to in of(before) if any(slot in uid for slot in called)}
    run("plan", "--confirm")
    run("run", "--no-prefect")
    told = of(files(data).keys() - before.keys())
    assert told.keys() == invited
    assert {(facts["METHOD"], facts["SEQUENCE"]) for facts in told.values()} == {(method, "1")}
    assert len({uid for uid, _ in told}) == len(called)

    after, stored = files(data), rows(data / "kadens.db")
    run("plan", "--confirm")
    run("run", "--no-prefect")
    assert (waiting(), files(data), rows(data / "kadens.db")) == ([], after, stored)
