"""The town on 8 January 2027, its group called and asked for its meeting on the twelfth: walked to once for a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import START, World, at, blank

EIGHTH = at("2027-01-08 23:59")


def eighth(archive: Path, folder: Path, config: str) -> Path:
    """An archive where this config's town has come to the evening of the eighth."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KADENS_INSTALLATION", "provinstallation")
        blank(archive, folder)
        world = World(folder, config, START)
        world.until("2027-01-08")
        world.close()
    return folder / "data" / "kadens.db"
