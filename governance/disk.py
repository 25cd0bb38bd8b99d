"""What the operating system refuses, in Swedish."""

from __future__ import annotations

import errno

_WORDS = {
    errno.ENOSPC: "disken är full",
    errno.EDQUOT: "utrymmet på disken är slut",
    errno.EFBIG: "filen får inte bli så stor",
    errno.EACCES: "behörighet saknas",
    errno.EPERM: "behörighet saknas",
    errno.EROFS: "disken går bara att läsa från",
    errno.ENOENT: "finns inte",
    errno.EEXIST: "är ingen mapp",  # what making a folder says where a file has its name
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "är ingen mapp",
    errno.EIO: "disken svarar med fel",
    errno.ENAMETOOLONG: "namnet är för långt",
    errno.EADDRINUSE: "adressen och porten används redan",
}


def reason(error: OSError) -> str:
    """Why it was refused, as the end of a sentence; in the system's own words where this house has none."""
    return _WORDS.get(error.errno or 0, error.strerror or str(error))
