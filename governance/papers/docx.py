"""Writes WordprocessingML: a template's blocks in the letterhead's styles, found by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from markupsafe import Markup

from governance.papers.blocks import Heading, Listing, Paragraph, Span, Statement, Table
from governance.papers.values import KEEP, LEAD, LIST_END, LIST_START, clean, paragraphs
from governance.papers.writer import inline, rows

# What a block is -> the style's name in the letterhead (w:name: built-in names are English in every Word).
STYLES = {
    "h0": "Title",
    "underrubrik": "Subtitle",
    "h1": "heading 1",
    "h2": "heading 2",
    "h3": "heading 3",
    "text": "Normal",
    "arende": "Ärende",
    "arenderad": "Ärenderad",
    "arendetext": "Ärendetext",
    "arendepunkt": "Ärendepunkt",
    "forslag": "Förslag till beslut",
    "status": "Statusrad",
    "notis": "Notis",
    "efter": "Efter tabell",
    "punkt": "List Bullet",
    "nummer": "List Number",
    "cell": "Tabelltext",
    "cellrubrik": "Tabellrubrik",
    "radrubrik": "Radrubrik",
    "fakta": "Faktatabell",
    "tabell": "Datatabell",
    "ifyllnad": "Ifyllnadstabell",
    "falt": "Ifyllnadstabell",
    "lank": "Hyperlink",
}
_LOOKS = {  # tblLook: which of the table style's conditions hold
    "fakta": ("0680", 0, 1, 1),
    "tabell": ("0420", 1, 0, 0),
    "ifyllnad": ("06A0", 1, 1, 1),
    "falt": ("0680", 0, 1, 1),
}
_HOLLOW = re.compile(r'preserve">\s*</w:t></w:r></w:p>(?!</w:tc>)')
_EMPTY = re.compile(
    r"<w:p><w:pPr>(?:(?!</?w:p>).)*?</w:pPr>"
    r'(?:<w:r>(?:<w:rPr>(?:(?!</?w:p>).)*?</w:rPr>)?(?:<w:tab/>|<w:t xml:space="preserve">\s*</w:t>)</w:r>)+</w:p>'
    r"(?!</w:tc>)",
    re.DOTALL,
)
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def finalize(value: object) -> Markup:
    """What a `{{ … }}` gives in a run: text, escaped, its newlines as breaks."""
    if isinstance(value, Markup):
        return value
    text = escape(clean(value), quote=True)
    return Markup(text.replace("\n", _BREAK) if "\n" in text else text)  # noqa: S704  # escaped on the line above


def run(text: str, properties: str = "") -> str:
    """A run of text that is already escaped."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


class WordWriter:
    """`styles` gives a style's id for its name; `width` is the text's width in twips."""

    def __init__(self, styles: Mapping[str, str], width: int) -> None:
        self.ids = {look: styles[name] for look, name in STYLES.items()}
        self.width = width

    def block(self, look: str, content: str, extra: str = "") -> str:
        """A paragraph. `extra` are properties that come after the style, in the schema's order."""
        return f'<w:p><w:pPr><w:pStyle w:val="{self.ids[look]}"/>{extra}</w:pPr>{content}</w:p>'

    def heading(self, block: Heading) -> str:
        label = inline(self, block.label)
        return self.block(block.look, (f"{label}<w:r><w:tab/></w:r>" if label else "") + inline(self, block.spans))

    def paragraph(self, block: Paragraph) -> str:
        return self.block(block.look, inline(self, block.spans), "" if block.look == "forslag" else LEAD)

    def listing(self, block: Listing) -> str:
        number = KEEP
        before = ""
        if block.ordered:
            before = "{% set _list = _num() %}"
            number += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{{ _list }}"/></w:numPr>'
        items = [
            item.tag.mark if isinstance(item, Statement) else self.block(block.look, inline(self, item), number)
            for item in block.items
        ]
        return f"{before}{LIST_START}{''.join(items)}{LIST_END}"

    def span(self, span: Span) -> str:
        look = ("<w:b/>" if span.bold else "") + ("<w:i/>" if span.italic else "")
        if not span.href:
            return run(escape(span.text), look)
        style = f'<w:rStyle w:val="{self.ids["lank"]}"/>{look}'
        target = escape(f' HYPERLINK "{span.href}" ', quote=False)
        return f"<w:fldSimple w:instr='{target}'>{run(escape(span.text), style)}</w:fldSimple>"

    def line_break(self) -> str:
        return "<w:r><w:br/></w:r>"

    def table(self, block: Table) -> str:
        widths = [self.width * share // 100 for share in block.widths]
        code, first_row, first_column, no_bands = _LOOKS[block.look]
        caption = f'<w:tblCaption w:val="{escape(block.title)}"/>' if block.title else ""
        head = (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.ids[block.look]}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{code}" w:firstRow="{first_row}" w:lastRow="0" w:firstColumn="{first_column}" '
            f'w:lastColumn="0" w:noHBand="{no_bands}" w:noVBand="1"/>{caption}</w:tblPr><w:tblGrid>'
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + "</w:tblGrid>"
        )

        def row(cells: list[str], style: Callable[[int], str], extra: str) -> str:
            inner = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{widths[i]}" w:type="dxa"/></w:tcPr>'
                + self.block(style(i), cell, KEEP + ('<w:jc w:val="right"/>' if block.align[i] == "right" else ""))
                + "</w:tc>"
                for i, cell in enumerate(cells)
            )
            return f"<w:tr><w:trPr><w:cantSplit/>{extra}</w:trPr>{inner}</w:tr>"

        def body(column: int) -> str:
            return "radrubrik" if first_column and column == 0 else "cell"

        height = f'<w:trHeight w:val="{block.height}" w:hRule="atLeast"/>' if block.height else ""
        out = [head]
        if block.header:
            out.append(row([inline(self, c) for c in block.header], lambda _: "cellrubrik", "<w:tblHeader/>"))
        for before, cells in rows(block):
            out.append(before)
            if cells:
                out.append(row([inline(self, c) for c in cells], body, height))
        return "".join((*out, "</w:tbl>"))

    def free_text(self, value: object, look: str = "text") -> Markup:
        """The filter `md`: people's own text as paragraphs and points."""
        points = "arendepunkt" if look.startswith("arende") else "punkt"
        out = []
        for part in paragraphs(value):
            if isinstance(part, str):
                out.append(self.block(look, run(escape(part)), LEAD))
            else:
                items = "".join(self.block(points, run(escape(point)), KEEP) for point in part)
                out.append(f"{LIST_START}{items}{LIST_END}")
        return Markup("".join(out))  # noqa: S704  # each part is escaped above


def settle(body: str, proposal: str) -> str:
    """Decides what stays together: short tables and lists whole, long ones with two rows at each end.

    A paragraph stays with the table, list or proposal (by its style's id) that comes straight after it.

    Paragraphs whose values were all empty go, and so do doubled blanks around such values.
    """
    if _HOLLOW.search(body):
        body = _EMPTY.sub("", body)
    first, *led = body.replace("  ", " ").split(LEAD)
    followed = ("<w:tbl>", f"{LIST_START}<", f'<w:p><w:pPr><w:pStyle w:val="{proposal}"/>')
    out = [first]
    for piece in led:
        out += ["<w:keepNext/>" if piece.partition("</w:p>")[2].startswith(followed) else "", piece]
    body = "".join(out)
    first, *tables = body.split("<w:tbl>")
    out = [first]
    for piece in tables:
        table, _, after = piece.partition("</w:tbl>")
        out += ["<w:tbl>", _hold(table, "<w:tr>", 9), "</w:tbl>", after]
    first, *lists = "".join(out).split(LIST_START)
    out = [first]
    for piece in lists:
        items, _, after = piece.partition(LIST_END)
        out += [_hold(items, "<w:p>", 5), after]
    return "".join(out)


def _hold(text: str, opening: str, short: int) -> str:
    """Keeps each part of `text` with the next, if there are at most `short`; else the first two and the last two."""
    head, *parts = text.split(opening)
    last = len(parts) - 1
    for index, part in enumerate(parts):
        keep = index < last and (last < short or index < 2 or index == last - 1)
        parts[index] = part.replace(KEEP, "<w:keepNext/>" if keep else "")
    return opening.join((head, *parts))
