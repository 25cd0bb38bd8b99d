"""Opens the hall on an installation and serves its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from governance.secretariat.office import open_office
from governance.secretariat.secret import secret_of
from governance.web.hall import Hall


@contextmanager
def open_hall(
    config: Path,
    clock: Callable[[], datetime],
    database: str = "",
    folder: Path | None = None,
    origins: tuple[str, ...] = (),
) -> Iterator[Hall]:
    """The hall of an installation; `origins` are further addresses it answers at, beside each `base_url`.

    Raises ConfigProblem or ArchiveProblem, both with messages for the user.
    """
    with open_office(config, clock(), database, folder) as office:
        own = tuple(town.base_url for town in office.municipalities if town.base_url)
        yield Hall(
            config=config,
            archive=office.archive,
            templates=office.templates,
            clock=clock,
            folder=office.folder,
            secret=secret_of(office.folder),
            installation=office.installation,
            origins=tuple(dict.fromkeys((*origins, *own))),
        )
