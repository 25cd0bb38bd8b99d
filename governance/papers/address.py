"""Mail addresses: what may stand in a mail's headers, an envelope and a calendar object."""

from __future__ import annotations

import re
from unicodedata import category

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_NOT_TEXT = frozenset({"Cc", "Zl", "Zp"})


def checked_address(email: str) -> str:
    """The address itself: ASCII, one line, name and domain (RFC 5321; no SMTPUTF8, no quoted local parts).

    Raises ValueError, in words for the person who wrote the address, where it cannot be written to.
    """
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        raise ValueError(f"”{printable(email)}” är inte en mejladress som det går att skriva till.")
    return email


def printable(text: str) -> str:
    """The text on one line: control characters and line separators become spaces."""
    return text if text.isprintable() else "".join(" " if category(c) in _NOT_TEXT else c for c in text)
