"""From a file or a folder to municipalities, or to the problems that stand in the way. Never raises for bad input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from governance.config.build import build
from governance.config.checks import run_checks
from governance.config.problem import Problem
from governance.config.reader import read
from governance.config.source import Source
from governance.config.structure import validated
from governance.model.body import Municipality

_PEOPLE_FILE = re.compile(rb"""^people:[ ]*["']?([^\s"'#{}&*|>][^"'#{}\r\n]*?)["']?[ ]*(?:#.*)?\r?$""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a configuration gave: the municipalities without errors, and every problem in file and line order."""

    municipalities: tuple[Municipality, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a municipality from being used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load(path: Path) -> Loaded:
    """Reads a configuration file, or every configuration in a folder. What is wrong comes back as problems."""
    files = _files(path)
    if not files:
        return Loaded((), (Problem(str(path), 1, "", _nothing_at(path)),))
    found: list[Municipality] = []
    problems: list[Problem] = []
    origin: dict[str, str] = {}
    for file in files:
        municipality, wrong = _load_one(file)
        if municipality and municipality.id in origin:
            message = (
                f'"{municipality.id}" är redan id för kommunen i {origin[municipality.id]}; ge den ena ett eget id'
            )
            wrong = [*wrong, Problem(str(file), 1, "municipality.id", message)]
            municipality = None
        problems += wrong
        if municipality:
            origin[municipality.id] = str(file)
            found.append(municipality)
    return Loaded(tuple(found), tuple(sorted(set(problems))))


def _nothing_at(path: Path) -> str:
    if path.is_dir():
        return "mappen har ingen fil som slutar på .yaml; kör kadens init för ett exempel"
    return "filen finns inte; kontrollera namnet eller kör kadens init för ett exempel"


def _files(path: Path) -> list[Path]:
    """The configuration files at a path; files of people that a configuration names are none themselves."""
    if not path.is_dir():
        return [path] if path.exists() else []
    files = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    people = {named.resolve() for file in files for named in _people_files(file)}
    return [file for file in files if file.resolve() not in people]


def _people_files(file: Path) -> list[Path]:
    try:
        raw = file.read_bytes()
    except OSError:
        return []
    return [file.parent / name.decode("utf-8", "replace").strip() for name in _PEOPLE_FILE.findall(raw)[:1]]


def _load_one(file: Path) -> tuple[Municipality | None, list[Problem]]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        return None, [Problem(str(file), 1, "", _unreadable(error))]
    return read_municipality(raw, str(file), file.parent)


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "filen finns inte; kontrollera namnet"
    return "filen går inte att läsa; kontrollera att du har rätt att läsa den"


def read_municipality(raw: bytes, file: str, folder: Path) -> tuple[Municipality | None, list[Problem]]:
    """One municipality from the bytes of its file; `folder` is where a file of people is looked for."""
    source = read(raw, file)
    if not source.data and source.problems:
        return None, source.problems
    _join_people(source, folder)
    config = validated(source)
    if config is None:
        return None, source.problems
    municipality = build(config, source)
    run_checks(config, municipality, source)
    flawed = any(problem.severity == "error" for problem in source.problems)
    return (None if flawed else municipality), source.problems


def _join_people(source: Source, folder: Path) -> None:
    """Puts the people of another file in their place; its problems carry its own name."""
    name = source.data.get("people")
    if not isinstance(name, str):
        return
    source.data = {**source.data, "people": {}}
    file = folder / name
    try:
        raw = file.read_bytes()
    except (OSError, ValueError):
        source.report(("people",), f'filen "{name}" med personer finns inte bredvid konfigurationen')
        return
    theirs = read(raw, str(file), under=("people",))
    source.data["people"] = theirs.data
    source.lines.update(theirs.lines)
    source.problems += theirs.problems
    source.faults += theirs.faults if theirs.data else [("people",)]


def fingerprint(path: Path) -> str:
    """SHA-256 over the bytes of a configuration and the file of people it names, or of a folder's files by name."""
    digest = sha256()
    for file in _files(path):
        for part in (file, *_people_files(file)):
            raw = part.read_bytes() if part.is_file() else b""
            digest.update(f"{part.name}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a configuration, for editors."""
    from governance.config.reference import json_schema as made  # noqa: PLC0415 - only `kadens schema` pays for it

    return made()
