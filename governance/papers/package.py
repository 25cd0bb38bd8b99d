"""Writes a zip of document parts: the same parts give the same bytes, and unchanged parts are deflated once.

The standard library's zipfile deflates every part anew; most of a paper (styles, mark, settings) never changes.
Layout after PKWARE's APPNOTE 6.3: local headers, the central directory, its end record. No part may reach 4 GB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_VERSION = 20
_UTF8 = 1 << 11
_TIME, _DATE = 0, 0x21  # 1 January 1980, 00.00: the format's first moment, so that no clock shows in the bytes


class Part:
    """One finished entry; deflated when made, so keep those that do not change."""

    __slots__ = ("_fields", "data", "name")

    def __init__(self, name: str, content: bytes, *, store: bool = False) -> None:
        self.name = name.encode()
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.data = content if store else packer.compress(content) + packer.flush()
        self._fields = (
            _UTF8,
            0 if store else 8,
            _TIME,
            _DATE,
            zlib.crc32(content),
            len(self.data),
            len(content),
            len(self.name),
            0,
        )

    def local(self) -> bytes:
        """The header in front of the data."""
        return _LOCAL.pack(0x04034B50, _VERSION, *self._fields) + self.name

    def central(self, offset: int) -> bytes:
        """The row of the directory for an entry that starts at `offset`."""
        return _CENTRAL.pack(0x02014B50, _VERSION, _VERSION, *self._fields, 0, 0, 0, 0, offset) + self.name


def pack(parts: Iterable[Part]) -> bytes:
    """The zip file of `parts`, in their order."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        header = part.local()
        pieces += (header, part.data)
        directory.append(part.central(offset))
        offset += len(header) + len(part.data)
    rows = b"".join(directory)
    end = _END.pack(0x06054B50, 0, 0, len(directory), len(directory), len(rows), offset, 0)
    return b"".join((*pieces, rows, end))
