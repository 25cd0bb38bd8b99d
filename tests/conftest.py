"""Worlds for tests: a small municipality each, on a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from governance.store.database import Archive
from tests.world import START, TOWN, World, blank

MakeWorld = Callable[..., World]


@pytest.fixture(scope="session")
def blank_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its tables and nothing in them."""
    file = tmp_path_factory.mktemp("blank") / "kadens.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KADENS_INSTALLATION", "provinstallation")
        archive = Archive(f"sqlite:///{file}")
        archive.prepare(START)
        archive.close()
    return file


@pytest.fixture
def make_world(tmp_path: Path, blank_archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWorld]:
    """Makes worlds: `make_world(config, start, name)`; they are closed after the test."""
    monkeypatch.setenv("KADENS_INSTALLATION", "provinstallation")
    made: list[World] = []

    def make(config: str = TOWN, start: datetime = START, name: str = "town") -> World:
        folder = tmp_path / name
        blank(blank_archive, folder)
        made.append(World(folder, config, start))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """The town with its two bodies, on the first of January 2027 at six, nothing planned yet."""
    return make_world()
