"""Wires everything once: `with open_office(config, now) as office:`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from governance import bundled
from governance.config import Loaded, Problem, load
from governance.model.body import Body, Municipality
from governance.papers.templates import Templates
from governance.store.database import Archive
from governance.store.tables import Occasion, Step


class ConfigProblem(Exception):
    """The config cannot be used; `problems` says why, each with its file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Done:
    """What a use case did, for the flow's table and the command's summary. `verb` is the flow's name."""

    verb: str
    municipality: str
    subject: str  # "Operativa gruppen 2027-01-12"
    what: str  # "kallade 6"
    papers: int = 0
    mails: int = 0
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """An opened installation at a moment: the configs, the archive, the templates, the folder papers go to."""

    municipalities: tuple[Municipality, ...]
    archive: Archive
    templates: Templates
    now: datetime  # aware
    folder: Path  # where papers and mails are laid
    installation: str = ""
    dry_run: bool = False
    pristine: dict[str, object] = field(default_factory=dict)  # what was read once and still holds, by what it is

    @property
    def today(self) -> date:
        """The day it is in Sweden."""
        return self.now.astimezone(self.municipalities[0].timezone).date() if self.municipalities else self.now.date()

    def at(self, now: datetime) -> Office:
        """The same office at another moment: how a simulated year walks."""
        return replace(self, now=now)


@dataclass(frozen=True, slots=True)
class Desk:
    """One step at work: the open transaction, the occasion it belongs to, and the moment."""

    session: Session
    office: Office
    municipality: Municipality
    occasion: Occasion
    step: Step
    threads: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # what `outbox.post` has read of the occasion's mails

    @property
    def body(self) -> Body:
        """The body whose meeting this is. Raises KeyError where the config no longer has it."""
        return self.municipality.bodies[self.occasion.key]

    @property
    def now(self) -> datetime:
        """The moment of the office."""
        return self.office.now

    @property
    def today(self) -> date:
        """The local day."""
        return self.office.now.astimezone(self.municipality.timezone).date()


def starts_at(occasion: Occasion, municipality: Municipality) -> datetime:
    """When the occasion begins, in local wall time with its zone."""
    return datetime.combine(occasion.day, occasion.starts, municipality.timezone)


def ends_at(occasion: Occasion, municipality: Municipality) -> datetime:
    """When the occasion ends, in local wall time with its zone."""
    return datetime.combine(occasion.day, occasion.ends, municipality.timezone)


def read_config(config: Path) -> Loaded:
    """The municipalities of a config file or folder. Raises ConfigProblem where any has an error."""
    loaded = load(config)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors or not loaded.municipalities:
        raise ConfigProblem(loaded.problems)
    return loaded


@contextmanager
def open_office(config: Path, now: datetime, database: str = "", folder: Path | None = None) -> Iterator[Office]:
    """Opens the office at `now` (aware), on `database` (a URL; default a SQLite file in `folder`).

    Raises ConfigProblem or ArchiveProblem, both with messages for the user.
    """
    loaded = read_config(config)
    place = folder or Path("kadens-data")
    archive = Archive(database or f"sqlite:///{place / 'kadens.db'}")
    try:
        installation = archive.prepare(now)
        beside = config if config.is_dir() else config.parent
        templates = Templates([beside / "templates", bundled.folder("templates")])
        yield Office(loaded.municipalities, archive, templates, now, place, installation)
    finally:
        archive.close()
