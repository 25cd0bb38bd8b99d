"""The tutorial is carried out as it stands, in an empty folder."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, commands

pytestmark = pytest.mark.slow


def carried_out(words: str, folder: Path) -> str:
    """What the command prints. `run` goes without Prefect here: the flows have their own tests."""
    program, *arguments = shlex.split(words)
    assert program == "kadens"
    if "run" in arguments:
        arguments.append("--no-prefect")
    done = subprocess.run(  # noqa: PLW1510  # the status is looked at below
        [sys.executable, "-m", "governance", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())  # tables and non-breaking spaces as a reader sees them


def test_tutorial_goes_as_it_says_and_ends_with_an_invitation_to_the_new_day(tmp_path: Path) -> None:
    missing = []
    for language, content in blocks(ROOT / "docs/tutorial.md"):
        if language == "yaml":
            (tmp_path / "januari.yaml").write_text(content, "utf-8")
        for command in commands(content) if language == "console" else ():
            if "plan" in command.words:
                config = tmp_path / "config.yaml"
                config.write_text(config.read_text("utf-8").replace("third thursday", "fourth thursday"), "utf-8")
            said = carried_out(command.words, tmp_path)
            missing += [(command.words, line) for line in command.shown if line not in said]
    assert missing == []

    mails = sorted(path.name for path in (tmp_path / "kadens-data").glob("*/mejl/*styrgrupp*karin.ahlen.eml"))
    there = [name.split("_")[2:5:2] for name in mails if "2027-03-18" in name or "2027-03-25" in name]
    assert [(kind.rstrip("-0123456789"), day) for kind, day in there] == [
        ("inbjudan", "2027-03-18"),
        ("inbjudan", "2027-03-25"),
        ("installt", "2027-03-18"),
    ]
