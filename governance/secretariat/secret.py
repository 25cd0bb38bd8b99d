"""The installation's secret: what signed links are made with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "sidornas-hemlighet"  # the file among the data; named, not told


def secret_of(folder: Path) -> bytes:
    """What signed links are made with: $KADENS_SECRET, else a file among the data that only its owner can read."""
    given = os.environ.get("KADENS_SECRET")
    if given:
        return given.encode()
    file = folder / FILE
    try:
        return file.read_bytes()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        made = secrets.token_hex(32).encode()
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(made)
        except FileExistsError:  # another process was first
            return file.read_bytes()
        return made
