"""What people wrote, made fit for a paper: no control characters or doubled blanks, no number parted from its noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

# C0, DEL and C1 (all but tab and newline), directional overrides, surrogates, private use, and what XML cannot hold.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff"
    "\ufffe\uffff\U000f0000-\U0010ffff]"
)
_BLANKS = re.compile(r"[ \t]*\t[ \t]*|  +")
# Spaces that may not end a line: within 640 000, 3 mars, § 12, 12 §, 4 %, 8 kap., kl. 9, vecka 12.
# The space comes first, so that the search goes from space to space.
_BOUND = re.compile(
    r" (?:(?<=\d )(?=\d{3}\b|§|%|kap\.|kr\b|kronor\b|procent\b|(?:januari|februari|mars|april|maj|juni|juli|augusti|"
    r"september|oktober|november|december)\b)|(?=\d)(?:(?<=§ )|(?<=\bkap\. )|(?<=\bkl\. )|(?<=\bklockan )|"
    r"(?<=\b[Vv]ecka )))"
)
_BULLET = re.compile(r"\s*[-*•–]\s+")
_EMPTY_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

# Marks that the writers leave in a rendered body and take away again; never found in a cleaned value.
KEEP = "\ue000"  # this paragraph may have to stay with the next one
LEAD = "\ue006"  # this paragraph stays with the table, list or proposal that it turns out to lead to
LIST_START, LIST_END = "\ue001", "\ue002"
NEWLINE = "\ue003"  # a line of the text version; a template's own newlines mean nothing there


def clean(value: object) -> str:
    """`value` as text that any XML part, page or mail can hold; newlines stay. None gives nothing."""
    if value is None:
        return ""
    text = str(value)
    if text.isprintable() and "  " not in text:  # nothing unfit is printable, and no blank but the space
        return bind(text.strip())
    text = _UNFIT.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    return bind(_BLANKS.sub(" ", text).strip())


def bind(text: str) -> str:
    """`text` with spaces that do not break where a number would part from what it counts or names."""
    return _BOUND.sub("\u00a0", text)


def paragraphs(value: object) -> Iterator[str | list[str]]:
    """People's free text in paragraphs and, where lines begin with a dash or a star, lists of points.

    Empty lines part paragraphs. Nothing else in the text means anything: no headings, no emphasis, no links.
    """
    for block in _EMPTY_LINE.split(clean(value)):
        points: list[str] = []
        words: list[str] = []
        for line in block.split("\n"):
            bullet = _BULLET.match(line)
            if bullet and line[bullet.end() :].strip():
                if words:
                    yield " ".join(words)
                    words = []
                points.append(line[bullet.end() :].strip())
            elif points and line.strip():
                points[-1] += f" {line.strip()}"
            elif line.strip():
                words.append(line.strip())
        if points:
            yield points
        if words:
            yield " ".join(words)
