"""Finds templates, config.yaml and migrations, in an installed wheel as well as in a clone."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder or file `name` (`templates`, `migrations`, `config.yaml`) that came with the program.

    Raises FileNotFoundError where the installation is broken.
    """
    for place in (_HERE / "_bundled" / name, _HERE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"kadens är inte helt installerat: {name} finns inte vid {_HERE}")
