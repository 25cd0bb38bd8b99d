"""What the writers of Word, HTML and text share: blocks in, an ordinary Jinja template out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from markupsafe import Markup

from governance.papers.blocks import Block, FreeText, Heading, Inline, Listing, Paragraph, Row, Span, Statement, Table
from governance.papers.tags import Source


class Writer(Protocol):
    """One target. Each method gives markup in which tags still stand as their private characters."""

    def heading(self, block: Heading) -> str: ...
    def paragraph(self, block: Paragraph) -> str: ...
    def listing(self, block: Listing) -> str: ...
    def table(self, block: Table) -> str: ...
    def span(self, span: Span) -> str: ...
    def line_break(self) -> str: ...
    def free_text(self, value: object, look: str = "text") -> Markup: ...


def compiled(source: Source, blocks: Iterable[Block], writer: Writer) -> str:
    """The Jinja template that writes `source`, whose blocks these are, as `writer` does."""
    return source.restore("".join(_block(writer, block) for block in blocks))


def _block(writer: Writer, block: Block) -> str:
    match block:
        case Heading():
            return writer.heading(block)
        case Paragraph():
            return writer.paragraph(block)
        case Listing():
            return writer.listing(block)
        case Table():
            return writer.table(block)
        case Statement(tag) | FreeText(tag):
            return tag.mark


def inline(writer: Writer, spans: Sequence[Inline]) -> str:
    """The markup of a paragraph's inside."""
    out = []
    for span in spans:
        match span:
            case Span():
                out.append(writer.span(span))
            case Statement(tag):
                out.append(tag.mark)
            case _:
                out.append(writer.line_break())
    return "".join(out)


def rows(table: Table) -> Iterable[tuple[str, Row]]:
    """The table's rows with the statements that stand before each: (markup of the statements, row)."""
    before = ""
    for row in table.rows:
        if isinstance(row, Statement):
            before += row.tag.mark
        else:
            yield before, row
            before = ""
    yield before, ()
