"""What a named check sees, and what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from governance.config.problem import Path
from governance.config.schema import Config
from governance.config.source import Source
from governance.model.body import Municipality


class Finding(NamedTuple):
    """Something wrong at a path of the configuration."""

    path: Path
    message: str
    severity: Literal["error", "warning"] = "error"


Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Draft:
    """A configuration whose keys are right: as written, as the model, and with the file's own ids.

    The ids include those of things that were cut away for a mistake of their own, so that a reference to them holds.
    """

    config: Config
    municipality: Municipality
    source: Source

    def ids(self, section: str) -> list[str]:
        """The ids under a top key, in the file's order."""
        given = self.source.data.get(section)
        return list(given) if isinstance(given, dict) else []
