"""Reads a finished agenda back: what it gathered under each item, as plain lines."""

from __future__ import annotations

from html.parser import HTMLParser

LEFT_OUT = {"arenderad", "forslag"}  # the item's facts and its proposal: the archive holds these themselves


def points_of(html: str) -> dict[str, tuple[str, ...]]:
    """The lines under each item of an agenda's HTML, by the item's title; none where a template made it otherwise."""
    reader = _Reader()
    reader.feed(html)
    return {title: tuple(lines) for title, lines in reader.found.items()}


class _Reader(HTMLParser):
    """Gathers the text of paragraphs and list items between the headings of class `arende`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._lines: list[str] | None = None  # of the item at hand; None between items
        self._part = ""  # title | number | line
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An item begins, a line begins, or the items end."""
        kind = dict(attrs).get("class") or ""
        if tag == "h3" and kind == "arende":
            self._part, self._text = "title", ""
        elif tag == "span" and self._part == "title":
            self._part = "number"
        elif tag in {"h2", "h3"}:
            self._lines = None
        elif tag in {"p", "li"} and self._lines is not None and kind not in LEFT_OUT:
            self._part, self._text = "line", ""

    def handle_endtag(self, tag: str) -> None:
        """A title or a line is whole."""
        said = " ".join(self._text.split())
        if tag == "span" and self._part == "number":
            self._part = "title"
        elif tag == "h3" and self._part == "title":
            self._lines = self.found.setdefault(said, [])
            self._part = ""
        elif tag in {"p", "li"} and self._part == "line":
            if self._lines is not None and said:
                self._lines.append(said)
            self._part = ""

    def handle_data(self, data: str) -> None:
        """Text of what is at hand."""
        if self._part in {"title", "line"}:
            self._text += data
