"""What only the whole configuration can show: references, circles, terms, the law's demands. One table of named checks."""

from __future__ import annotations

from governance.config.reader import Source
from governance.config.schema import Config
from governance.model.body import Municipality


def run_checks(config: Config, municipality: Municipality, source: Source) -> None:
    """Runs every check; what is wrong goes to `source`."""
