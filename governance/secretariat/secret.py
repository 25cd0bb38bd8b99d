"""The installation's secret: what signed links are made with."""

from __future__ import annotations

import contextlib
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
        return _read(file)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{FILE}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_hex(32).encode())
        with contextlib.suppress(FileExistsError):  # another process was first: never a file half-written
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(file)


def _read(file: Path) -> bytes:
    """What the file holds; whoever else could read it no longer can. Raises FileNotFoundError."""
    found = file.read_bytes()
    if file.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):  # another's file: theirs to mend
            file.chmod(0o600)
    return found
