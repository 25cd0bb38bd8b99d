"""What every page shares: the configs, the archive, the clock, the secret, and how a page is drawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from governance import bundled
from governance.model.body import Municipality
from governance.model.words import in_running_text
from governance.papers import swedish
from governance.papers.templates import Templates
from governance.secretariat.office import ConfigProblem, Office, read_config
from governance.store.database import Archive

PAGES = "pages"  # the folder of the pages' templates among the templates


@dataclass
class Hall:
    """An installation as the pages see it. `clock` says what time it is; `origins` are the addresses it answers at."""

    config: Path
    archive: Archive
    templates: Templates
    clock: Callable[[], datetime]
    folder: Path
    secret: bytes
    installation: str = ""
    origins: tuple[str, ...] = ()
    tell: Callable[[str], None] = field(default=lambda _: None)  # to whoever runs the program
    _municipalities: tuple[Municipality, ...] = ()
    _read: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """The configs as they stand in their files; one with errors is not taken up, the former stays."""
        changed = _changed(self.config)
        if changed != self._read:
            with self._lock:
                try:
                    self._municipalities = read_config(self.config).municipalities
                except ConfigProblem:
                    if not self._municipalities:
                        raise
                self._read = changed
        return self._municipalities

    def office(self) -> Office:
        """The office at this moment: what the use cases take."""
        return Office(self.municipalities, self.archive, self.templates, self.clock(), self.folder, self.installation)

    def town(self, key: str) -> Municipality | None:
        """The municipality with this id."""
        return next((each for each in self.municipalities if each.id == key), None)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages by https alone, so that cookies may be bound to it."""
        return bool(self.origins) and all(each.startswith("https://") for each in self.origins)

    def base(self, town: Municipality) -> str:
        """Where links in a municipality's mail lead: its configured address, else where it is served on a laptop."""
        return town.base_url or (self.origins[0] if self.origins else "")

    @cached_property
    def errands(self) -> ThreadPoolExecutor:
        """What is done when the answer has been given, so that it says nothing by the time it takes."""
        return ThreadPoolExecutor(1, "kadens-errands")

    @cached_property
    def pages(self) -> Environment:
        """The pages' templates. They are the program's own: nobody's edits run here, so no sandbox is needed."""
        environment = Environment(
            loader=FileSystemLoader(bundled.folder("templates") / PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters |= {
            "long_date": swedish.long_date,
            "short_date": swedish.short_date,
            "clock": swedish.clock,
            "listing": swedish.listing,
            "in_running_text": in_running_text,
        }
        environment.globals |= {"count": swedish.count, "clock_range": swedish.clock_range}
        return environment

    def draw(self, template: str, **context: Any) -> str:
        """A page as HTML."""
        return self.pages.get_template(template).render(context)


def _changed(config: Path) -> float:
    """When the config file, or any in the config folder, was last written."""
    files = [config, *config.glob("*.y*ml")] if config.is_dir() else [config]
    return max(each.stat().st_mtime for each in files)
