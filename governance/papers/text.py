"""Writes plain text: the part of a mail that every reader can show."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

from markupsafe import Markup

from governance.papers.blocks import Heading, Listing, Paragraph, Span, Statement, Table
from governance.papers.values import NEWLINE, clean, paragraphs
from governance.papers.writer import inline, rows

WIDTH = 76  # characters: a quoted mail still fits in 80
_GAPS = re.compile(r"\n{3,}")
_TWO = NEWLINE * 2


def finalize(value: object) -> Markup:
    """What a `{{ … }}` gives in text: itself, cleaned. Markup only tells Jinja that nothing more is to be escaped."""
    if isinstance(value, Markup):
        return value
    return Markup(clean(value).replace("\n", NEWLINE))  # noqa: S704  # plain text: nothing to escape


class TextWriter:
    """Writes with marks for newlines; `settle` makes them lines."""

    def heading(self, block: Heading) -> str:
        label = inline(self, block.label)
        words = (f"{label}  " if label else "") + inline(self, block.spans)
        under = {0: "=", 1: "-"}.get(block.level, "")
        return f"{_TWO}{words}{NEWLINE}" + (f"\ue004{under}{NEWLINE}" if under else "")

    def paragraph(self, block: Paragraph) -> str:
        return f"{NEWLINE}{inline(self, block.spans)}{NEWLINE}"

    def listing(self, block: Listing) -> str:
        items = [
            item.tag.mark if isinstance(item, Statement) else f"- {inline(self, item)}{NEWLINE}" for item in block.items
        ]
        return f"{NEWLINE}{''.join(items)}"

    def span(self, span: Span) -> str:
        return f"{span.text} <{span.href}>" if span.href and span.href != span.text else span.text

    def line_break(self) -> str:
        return NEWLINE

    def table(self, block: Table) -> str:
        headers = [inline(self, cell) for cell in block.header]
        out = [NEWLINE]
        for before, row in rows(block):
            out.append(before)
            cells = [inline(self, cell) for cell in row]
            if cells and not headers:
                out.append(f"{cells[0]}: {', '.join(cells[1:])}{NEWLINE}")
            elif cells:
                rest = " · ".join(f"{head}: {cell}" for head, cell in zip(headers[2:], cells[2:], strict=True))
                out.append(f"- {' '.join(cells[:2])}{NEWLINE}" + (f"  {rest}{NEWLINE}" if rest else ""))
        return "".join(out)

    def free_text(self, value: object, look: str = "text") -> Markup:  # noqa: ARG002  # one look only
        """The filter `md`: people's own text as paragraphs and points."""
        out = []
        for part in paragraphs(value):
            if isinstance(part, str):
                out.append(f"{NEWLINE}{part}{NEWLINE}")
            else:
                out.append(NEWLINE + "".join(f"- {point}{NEWLINE}" for point in part))
        return Markup("".join(out))  # noqa: S704  # plain text: nothing to escape


def settle(body: str) -> str:
    """The finished text: headings underlined to their length, long lines broken, at most one empty line between."""
    lines: list[str] = []
    for line in body.replace("\n", "").split(NEWLINE):
        if line.startswith("\ue004"):
            lines.append(line[1] * min(WIDTH, len(lines[-1])))
        elif len(line) <= WIDTH:
            lines.append(line.rstrip())
        else:
            lines += _wrapped(line)
    return _GAPS.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


@lru_cache(maxsize=1024)
def _wrapped(line: str) -> tuple[str, ...]:
    """A long line broken; kept, since most of what a letter says stands in the next one too."""
    indent = "  " if line.startswith(("- ", "  ")) else ""
    broken = textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return tuple(broken)
