"""The locks pin everything with hashes and name no index; .ci/run and the Makefile call what exists."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def requirements(name: str) -> dict[str, str]:
    """The lock's requirements by name, each with its pin, marker and hashes."""
    joined = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in joined.splitlines():
        if line.strip() and not line.startswith("#"):
            found[re.split(r"[=\s\[]", line, maxsplit=1)[0]] = line
    return found


def plain(name: str) -> str:
    """A distribution's name as locks spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    pinned = re.compile(r"[\w.-]+(\[[\w, -]+\])?==[\w.+!]+( ; .+?)? +(--hash=sha256:[0-9a-f]{64} *)+")
    loose = [key for key, line in requirements(name).items() if not pinned.fullmatch(line)]
    assert (len(requirements(name)) > 50, loose) == (True, [])


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address_and_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert re.findall(r"https?://|file:|--(?:index|extra|find|trusted)\S*|^#.*|@ ", text, re.MULTILINE) == []


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_pinned_with_extras_is_pinned_without_them_too(name: str) -> None:
    """pip before 24 holds the two for different things, and takes the newest of the one that is not pinned."""
    pins = re.findall(r"^([\w.-]+)(\[[^]]+\])?==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    plain_pins = {(key, version) for key, extras, version in pins if not extras}
    with_extras = {(key, version) for key, extras, version in pins if extras}
    assert with_extras
    assert with_extras - plain_pins == set()


def test_both_locks_agree() -> None:
    run, dev = requirements(LOCKS[0]), requirements(LOCKS[1])
    assert [key for key, line in run.items() if key in dev and dev[key] != line] == []


def test_every_dependency_is_in_its_lock() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {LOCKS[0]: told["project"]["dependencies"], LOCKS[1]: told["dependency-groups"]["dev"]}
    for name, dependencies in wanted.items():
        names = {plain(found[0]) for each in dependencies if (found := re.match(r"[\w.-]+", each))}
        assert sorted(names - set(requirements(name))) == []


def test_wheel_can_be_built_from_the_lock() -> None:
    """`pip install --no-build-isolation` in the Makefile finds its build backend there."""
    assert {"hatchling", "editables"} <= set(requirements(LOCKS[0]))


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    command = ["make", "--no-print-directory", "help"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    assert {line.split()[0] for line in told.splitlines()} == set(targets[1].split()) - {"always"}


def test_ci_calls_only_targets_of_the_makefile() -> None:
    called = set(re.findall(r"\bmake ([a-z-]+)$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test", "test-slow"} <= called
    assert sorted(name for name in called if not re.search(rf"^{name}:", makefile, re.MULTILINE)) == []


def test_ci_is_a_script_that_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text("utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
