"""Writes HTML: the same blocks for a phone, a mail or the archive's PDF."""

from __future__ import annotations

import re
from html import escape

from markupsafe import Markup

from governance.papers.blocks import Heading, Listing, Paragraph, Span, Statement, Table
from governance.papers.values import clean, paragraphs
from governance.papers.writer import inline, rows

_EMPTY = re.compile(r"<(p|li|h[1-4])(?: [^>]*)?>\s*</\1>")
_EMPTY_LIST = re.compile(r"<(ul|ol)(?: [^>]*)?>\s*</\1>")


def finalize(value: object) -> Markup:
    """What a `{{ … }}` gives in a page: text, escaped, its newlines as breaks."""
    if isinstance(value, Markup):
        return value
    text = escape(clean(value), quote=True)
    return Markup(text.replace("\n", "<br>") if "\n" in text else text)  # noqa: S704  # escaped on the line above


def _element(name: str, content: str, look: str = "") -> str:
    return f'<{name} class="{look}">{content}</{name}>' if look else f"<{name}>{content}</{name}>"


class HtmlWriter:
    """Writes what stands between `<main>` and `</main>`."""

    def heading(self, block: Heading) -> str:
        label = inline(self, block.label)
        content = (f'<span class="nr">{label}</span> ' if label else "") + inline(self, block.spans)
        return _element(f"h{block.level + 1}", content, "arende" if block.look == "arende" else "")

    def paragraph(self, block: Paragraph) -> str:
        return _element("p", inline(self, block.spans), "" if block.look == "text" else block.look)

    def listing(self, block: Listing) -> str:
        items = [
            item.tag.mark if isinstance(item, Statement) else _element("li", inline(self, item)) for item in block.items
        ]
        look = "" if block.look in ("punkt", "nummer") else block.look
        return _element("ol" if block.ordered else "ul", "".join(items), look)

    def span(self, span: Span) -> str:
        text = escape(span.text, quote=False)
        if span.italic:
            text = _element("em", text)
        if span.bold:
            text = _element("strong", text)
        return f'<a href="{escape(span.href)}">{text}</a>' if span.href else text

    def line_break(self) -> str:
        return "<br>"

    def table(self, block: Table) -> str:
        caption = _element("caption", escape(block.title)) if block.title else ""
        columns = "".join(f'<col style="width:{share}%">' for share in block.widths)
        out = [f'<table class="{block.look}">{caption}<colgroup>{columns}</colgroup>']
        headers = [inline(self, cell) for cell in block.header]
        if headers:
            cells = "".join(f'<th scope="col"{self._side(block, i)}>{cell}</th>' for i, cell in enumerate(headers))
            out.append(f"<thead><tr>{cells}</tr></thead>")
        out.append("<tbody>")
        for before, row in rows(block):
            out.append(before)
            if row:
                cells = "".join(self._cell(block, headers, i, inline(self, cell)) for i, cell in enumerate(row))
                out.append(f"<tr>{cells}</tr>")
        return "".join((*out, "</tbody></table>"))

    def _side(self, block: Table, column: int) -> str:
        return ' class="tal"' if block.align[column] == "right" else ""

    def _cell(self, block: Table, headers: list[str], column: int, content: str) -> str:
        if column == 0 and block.look != "tabell":
            return f'<th scope="row">{content}</th>'
        # On a phone each cell shows its column's heading; an expression in a heading would not fit an attribute.
        label = f' data-rubrik="{headers[column]}"' if headers and headers[column].isprintable() else ""
        return f"<td{self._side(block, column)}{label}>{content}</td>"

    def free_text(self, value: object, look: str = "text") -> Markup:
        """The filter `md`: people's own text as paragraphs and points."""
        looks = "" if look == "text" else look
        points = "arendepunkt" if look.startswith("arende") else ""
        out = []
        for part in paragraphs(value):
            if isinstance(part, str):
                out.append(_element("p", escape(part), looks))
            else:
                out.append(_element("ul", "".join(_element("li", escape(point)) for point in part), points))
        return Markup("".join(out))  # noqa: S704  # each part is escaped above


def settle(body: str) -> str:
    """Takes away what got no text, and joins lists that stand side by side."""
    for pattern in (_EMPTY, _EMPTY_LIST):
        body = pattern.sub("", body)
    return body.replace("</ul><ul>", "")


def page(title: str, body: str, style: str, *, top: str = "", bottom: str = "") -> str:
    """A whole page. `title` is escaped already; `top` and `bottom` are what stands around the paper."""
    return (
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + (f"<header>{top}</header>\n" if top else "")
        + f"<main>\n{body}\n</main>\n"
        + (f"<footer>{bottom}</footer>\n" if bottom else "")
        + "</body>\n</html>\n"
    )
