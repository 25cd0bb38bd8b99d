"""Reads a Word file that somebody sends back: its paragraphs by style name, its tables by rows. Nothing is trusted.

Insertions count as made and deletions as gone, whether or not Word still marks them. Text inside content controls is
read like any other; python-docx passes it by.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

LARGEST = 50_000_000  # bytes unpacked: a small zip can hold gigabytes
MOST_PARTS = 2000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}rPr", f"{_W}pPr"}
_BLANKS = re.compile(r"[ \u00a0\u2007\u202f]+")


class UnreadableWord(Exception):
    """The file is no Word document that can be read; the message says why and what to do, in Swedish."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its style's name in lower case, its text with tabs and breaks, and whether it is a point."""

    style: str
    text: str
    point: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows of cells as text."""

    rows: tuple[tuple[str, ...], ...]


def read_word(data: bytes) -> tuple[Line | Grid, ...]:
    """What a Word file says, from top to bottom, empty paragraphs left out. Raises UnreadableWord."""
    document, styles = _parts(data)
    names = _style_names(styles)
    body = document.find(f"{_W}body")
    return tuple(_blocks(body, names)) if body is not None else ()


def _parts(data: bytes) -> tuple[etree._Element, etree._Element | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            listed = opened.infolist()
            if len(listed) > MOST_PARTS or sum(each.file_size for each in listed) > LARGEST:
                raise UnreadableWord("Filen är för stor när den packas upp. Ta bort bilder ur den och försök igen.")
            names = set(opened.namelist())
            if "word/document.xml" not in names:
                raise UnreadableWord("Filen är inget Word-dokument. Spara den som .docx och försök igen.")
            document = _tree(opened.read("word/document.xml"))
            styles = _tree(opened.read("word/styles.xml")) if "word/styles.xml" in names else None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UnreadableWord(
            "Filen går inte att öppna som Word-dokument. Är den lösenordsskyddad, ta bort skyddet; annars spara den "
            "som .docx och försök igen."
        ) from error
    except etree.XMLSyntaxError as error:
        raise UnreadableWord("Filen är skadad. Öppna den i Word, spara den på nytt och försök igen.") from error
    return document, styles


def _tree(xml: bytes) -> etree._Element:
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml:
        raise UnreadableWord("Filen har ett innehåll som Word-dokument inte ska ha, och läses inte.")
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _style_names(styles: etree._Element | None) -> dict[str, str]:
    """Style ids to names in lower case: the ids differ between Word's languages, the names do not."""
    found: dict[str, str] = {}
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        name = style.find(f"{_W}name")
        if name is not None:
            found[str(style.get(f"{_W}styleId"))] = str(name.get(f"{_W}val", "")).casefold()
    return found


def _blocks(parent: etree._Element, names: dict[str, str]) -> Iterator[Line | Grid]:
    for child in parent:
        if child.tag == f"{_W}p":
            line = _line(child, names)
            if line.text:
                yield line
        elif child.tag == f"{_W}tbl":
            yield Grid(tuple(_rows(child)))
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"}:
            yield from _blocks(child, names)


def _rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl"), None) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr"), None) is row]
        yield tuple(_cell(cell) for cell in cells)


def _cell(cell: etree._Element) -> str:
    """A cell's paragraphs, parted by newlines."""
    return "\n".join(filter(None, (_plain("".join(_runs(each))) for each in cell.iter(f"{_W}p"))))


def _line(paragraph: etree._Element, names: dict[str, str]) -> Line:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = names.get(str(style.get(f"{_W}val")), "") if style is not None else ""
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    point = numbered or name in {"list bullet", "list number", "ärendepunkt"}
    return Line(name, _plain("".join(_runs(paragraph))), point)


def _runs(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _runs(child)


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("\xad", "")).strip()
