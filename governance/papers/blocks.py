"""What a template is made of once it is read: blocks and spans that every writer understands."""

from __future__ import annotations

from dataclasses import dataclass

from governance.papers.tags import Tag

PARAGRAPHS = {"arenderad", "arendetext", "forslag", "status", "underrubrik", "notis", "efter"}
LISTS = {"arendepunkt"}
HEADINGS = {"arende"}
TABLES = {"tabell", "fakta", "ifyllnad", "falt"}


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one look; may hold expressions as private characters. `href` makes it a link."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A `{% … %}` between blocks, rows, list items or spans."""

    tag: Tag


class LineBreak:
    """A forced new line within a paragraph."""


Inline = Span | Statement | LineBreak
Row = tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `look` is "text" or one of PARAGRAPHS."""

    spans: tuple[Inline, ...]
    look: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 0 is the paper's title. `label` is what stands before ` :: `, such as `§ 12`."""

    level: int
    label: tuple[Inline, ...]
    spans: tuple[Inline, ...]
    look: str
    line: int


@dataclass(frozen=True, slots=True)
class FreeText:
    """An expression that gives whole blocks: people's own text through `md`, or `super()`."""

    tag: Tag


@dataclass(slots=True)
class Listing:
    """A list; each item is one paragraph."""

    ordered: bool
    items: list[Statement | tuple[Inline, ...]]
    look: str
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `look` is one of TABLES. `fakta` and `falt` have row headers and no header row."""

    look: str
    header: Row
    rows: list[Statement | Row]
    align: tuple[str, ...]
    widths: tuple[int, ...]  # per cent
    title: str
    height: int  # a row's least height in twips; 0: as its text
    line: int


Block = Paragraph | Heading | FreeText | Listing | Table | Statement
