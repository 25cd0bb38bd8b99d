"""The language of the templates: Markdown with Jinja tags, read once into blocks.

`#` is the paper's title, `##` to `####` its headings; a line `{.klass nyckel="värde"}` before a block, or at the end of
one, says what the block is. Everything else that Markdown could be is refused with the line and a remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from governance.papers.blocks import (
    HEADINGS,
    LISTS,
    PARAGRAPHS,
    TABLES,
    Block,
    FreeText,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Paragraph,
    Row,
    Span,
    Statement,
    Table,
)
from governance.papers.tags import FIRST_TAG, OPENS, SENTINEL, Source, Tag, nearest
from governance.papers.values import bind

_ATTRIBUTES = re.compile(r'[ \t\n]*\{\.([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*\}[ \t]*$')
_PAIR = re.compile(r'([\w-]+)="([^"]*)"')


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(
        ["code", "fence", "html_block", "html_inline", "autolink", "reference", "lheading", "hr", "blockquote"]
    )
    parser.disable(["inline"])  # each block's attributes are taken off before its text is read
    return parser


_BLOCKS = _parser()
_INLINE = MarkdownIt("commonmark", {"html": False}).disable(["html_inline", "autolink"])
setattr(_INLINE, "validateLink", lambda _: True)  # noqa: B010  # checked in href, with the line
setattr(_INLINE, "normalizeLink", lambda url: url)  # noqa: B010  # keeps the private characters whole


class _Reader:
    """Walks the parser's tokens and gathers blocks."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = _BLOCKS.parse(source.text)
        self.at = 0
        self.waiting: tuple[str, dict[str, str], int] | None = None
        self.level = -1

    def line(self, token: Token) -> int:
        return self.source.lines[token.map[0]] if token.map else 1

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.type == "heading_open":
                yield self.heading(token)
            elif token.type == "paragraph_open":
                yield from self.paragraph(token)
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield self.listing(token)
            elif token.type == "table_open":
                yield self.table(token)
            else:
                raise self.source.problem(self.line(token), "det här slaget av text används inte i mallarna")
        if self.waiting:
            raise self.source.problem(self.waiting[2], f"{{.{self.waiting[0]}}} står inte före något")

    def attributes(self, content: str, line: int, allowed: set[str]) -> tuple[str, str, dict[str, str]]:
        """The content without its attributes, the class, and the other attributes."""
        found = _ATTRIBUTES.search(content)
        look, rest = "", {}
        if found:
            content, look, rest = content[: found.start()], found[1], dict(_PAIR.findall(found[2]))
        elif self.waiting:
            look, rest, line = self.waiting
        self.waiting = None
        if look and look not in allowed:
            raise self.source.problem(line, f"okänd klass {{.{look}}}{nearest(look, allowed)}")
        return content, look, rest

    def heading(self, token: Token) -> Heading:
        level, line = int(token.tag[1]) - 1, self.line(token)
        content, look, _ = self.attributes(self.tokens[self.at + 1].content, line, HEADINGS)
        self.at += 3
        if level > 3 or (self.level >= 0 and level > self.level + 1):
            raise self.source.problem(
                line,
                f"rubriken hoppar över en nivå; skriv {'#' * (min(self.level, 2) + 2)} i stället för {token.markup}",
            )
        self.level = level
        label, separator, rest = content.partition(" :: ")
        if not separator:
            label, rest = "", content
        return Heading(level, self.spans(label, line), self.spans(rest, line), look or f"h{level}", line)

    def paragraph(self, token: Token) -> Iterator[Block]:
        line, content = self.line(token), self.tokens[self.at + 1].content.strip()
        self.at += 3
        characters = [c for c in content if not c.isspace()]
        if all(SENTINEL.match(c) for c in characters):
            tags = [self.source.tag(c) for c in characters]
            if all(tag.name for tag in tags):
                yield from (Statement(tag) for tag in tags)
                return
            if len(tags) == 1 and tags[0].free:
                yield FreeText(tags[0])
                return
        alone = _ATTRIBUTES.fullmatch(content)
        if alone:
            self.waiting = (alone[1], dict(_PAIR.findall(alone[2])), line)
            return
        content, look, _ = self.attributes(content, line, PARAGRAPHS)
        yield Paragraph(self.spans(content, line), look or "text", line)

    def listing(self, token: Token) -> Listing:
        ordered, line = token.type == "ordered_list_open", self.line(token)
        items: list[Statement | tuple[Inline, ...]] = []
        look = ""
        if self.waiting:
            _, look, _ = self.attributes("", line, LISTS)
        self.at += 1
        while self.tokens[self.at].type != token.type.replace("open", "close"):
            inner = [t.type for t in self.tokens[self.at : self.at + 5]]
            if inner != ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]:
                raise self.source.problem(self.line(self.tokens[self.at]), "en punkt i en lista är ett enda stycke")
            content, own, _ = self.attributes(self.tokens[self.at + 2].content, line, LISTS)
            look = look or own
            items.append(self.spans(content, line))
            self.at += 5
        self.at += 1
        return Listing(ordered, items, look or ("nummer" if ordered else "punkt"), line)

    def table(self, token: Token) -> Table:
        line = self.line(token)
        _, look, rest = self.attributes("", line, TABLES)
        look = look or "tabell"
        rows: list[Statement | Row] = []
        align: list[str] = []
        while self.tokens[self.at].type != "table_close":
            now = self.tokens[self.at]
            if now.type == "tr_open":
                rows += self.row(align if not rows else [])
            else:
                self.at += 1
        self.at += 1
        header: Row = ()
        if look not in ("fakta", "falt"):
            first = rows.pop(0)
            if isinstance(first, Statement) or not all(first):
                raise self.source.problem(line, "varje kolumn i tabellen behöver en rubrik i första raden")
            header = first
        widths = tuple(int(part) for part in rest.get("bredder", "").split())
        if widths and (len(widths) != len(align) or sum(widths) != 100):
            raise self.source.problem(line, f"bredder ska vara {len(align)} tal som tillsammans är 100")
        even = tuple([100 // len(align)] * (len(align) - 1) + [100 - 100 // len(align) * (len(align) - 1)])
        height = int(rest.get("radhojd", "0"))
        return Table(look, header, rows, tuple(align), widths or even, rest.get("titel", ""), height, line)

    def row(self, align: list[str]) -> Iterator[Statement | Row]:
        line = self.line(self.tokens[self.at])
        cells: list[str] = []
        while self.tokens[self.at].type != "tr_close":
            token = self.tokens[self.at]
            if token.type == "inline":
                cells.append(token.content.strip())
            elif token.type == "th_open":
                align.append("right" if "right" in str(token.attrGet("style") or "") else "left")
            self.at += 1
        self.at += 1
        only = [c for c in cells[0] if not c.isspace()]
        if only and not any(cells[1:]) and all(SENTINEL.match(c) and self.source.tag(c).name for c in only):
            return iter([Statement(self.source.tag(c)) for c in only])
        return iter([tuple(self.spans(cell, line) for cell in cells)])

    def spans(self, content: str, line: int) -> tuple[Inline, ...]:
        """The text of one block in spans, each in one look."""
        if not content:
            return ()
        out: list[Inline] = []
        bold = italic = 0
        href = ""
        for token in _INLINE.parseInline(content)[0].children or ():
            match token.type:
                case "text" | "softbreak" | "text_special" | "code_inline":
                    text = " " if token.type == "softbreak" else token.content
                    out += self.split(text, bool(bold), bool(italic), href, line)
                case "hardbreak":
                    out.append(LineBreak())
                case "strong_open" | "strong_close":
                    bold += token.nesting
                case "em_open" | "em_close":
                    italic += token.nesting
                case "link_open":
                    href = self.href(str(token.attrGet("href") or ""), line)
                case "link_close":
                    href = ""
                case _:
                    raise self.source.problem(line, "bilder används inte i mallarna; märket står i brevmallen")
        return tuple(out)

    def split(self, text: str, bold: bool, italic: bool, href: str, line: int) -> Iterator[Inline]:
        """`text` parted at its statements, which stand outside of every look."""
        piece = ""
        for character in bind(text):
            tag = self.source.tag(character) if SENTINEL.match(character) else None
            if tag and tag.free:
                raise self.source.problem(
                    line, "text genom md eller super() ger egna stycken: ställ den ensam på en rad"
                )
            if tag and tag.name:
                if piece:
                    yield Span(piece, bold, italic, href)
                yield Statement(tag)
                piece = ""
            else:
                piece += character
        if piece:
            yield Span(piece, bold, italic, href)

    def href(self, url: str, line: int) -> str:
        """The link's address, if it leads where a paper may lead."""
        if SENTINEL.match(url):  # a value: checked when it is known
            tag = self.source.tag(url[0])
            mark = chr(FIRST_TAG + len(self.source.tags))
            self.source.tags.append(Tag(f"{{{{_link({tag.inner})}}}}", "", tag.line, mark))
            return mark + url[1:]
        if url.startswith(("https://", "http://", "mailto:", "tel:")):
            return url
        raise self.source.problem(line, f"länken {url!r} behöver börja med https:, http:, mailto: eller tel:")


def read(source: Source) -> list[Block]:
    """The blocks of a template. Raises TemplateProblem."""
    blocks = _hoist(list(_Reader(source).blocks()))
    _check_nesting(source, blocks)
    return blocks


def _hoist(blocks: list[Block]) -> list[Block]:
    """Turns a loop around a list into a list around a loop, so that it is one list in the paper."""
    out: list[Block] = []
    for block in blocks:
        out.append(block)
        if not (isinstance(block, Statement) and block.tag.name == "endfor"):
            continue
        start = next((i for i in range(len(out) - 1, -1, -1) if _opens_loop(out, i)), len(out))
        inner = out[start + 1 : -1]
        lists = [b for b in inner if isinstance(b, Listing)]
        if len(lists) == 1 and all(isinstance(b, Listing | Statement) for b in inner):
            items: list[Statement | tuple[Inline, ...]] = []
            for b in out[start:]:
                if isinstance(b, Listing):
                    items += b.items
                elif isinstance(b, Statement):
                    items.append(b)
            out[start:] = [Listing(lists[0].ordered, items, lists[0].look, lists[0].line)]
    return out


def _opens_loop(blocks: Sequence[Block], index: int) -> bool:
    """Whether the block at `index` is the `for` that the last `endfor` closes."""
    depth = 0
    for block in reversed(blocks[index:]):
        if isinstance(block, Statement):
            depth += {"endfor": 1, "for": -1}.get(block.tag.name, 0)
    block = blocks[index]
    return depth == 0 and isinstance(block, Statement) and block.tag.name == "for"


def _check_nesting(source: Source, blocks: Sequence[object]) -> None:
    """A tag that opens in a paragraph, list or table closes in the same one."""
    opened: list[Tag] = []
    for block in blocks:
        match block:
            case Statement(tag):
                if tag.name in OPENS:
                    opened.append(tag)
                elif (tag.name.startswith("end") and (not opened or OPENS[opened.pop().name] != tag.name)) or (
                    tag.name in ("else", "elif") and not opened
                ):
                    raise source.problem(tag.line, f"{{% {tag.name} %}} hör till en tagg i ett annat stycke")
            case Paragraph(spans=spans):
                _check_nesting(source, spans)
            case Heading(label=label, spans=spans):
                _check_nesting(source, label)
                _check_nesting(source, spans)
            case Listing(items=items):
                _check_nesting(source, items)
            case Table(header=header, rows=rows):
                _check_nesting(source, [*header, *rows])
            case tuple():
                _check_nesting(source, block)
            case _:
                pass
    if opened:
        raise source.problem(
            opened[-1].line,
            f"{{% {opened[-1].name} %}} stängs inte i samma stycke, lista eller tabell; en tom rad avslutar en tabell",
        )
