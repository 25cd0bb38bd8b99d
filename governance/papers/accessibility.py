"""The rules that keep a Word paper readable for everyone, and by Word itself: a paper that breaks one is not sent.

Documents published by a municipality fall under DOS-lagen (2018:1937), whose measure is EN 301 549 clause 10, that is
WCAG 2.1 AA. The rules after A22 are about files that Word would call damaged although they are well-formed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from governance.papers.style_facts import StyleFacts, TableFacts, contrast, style_facts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_P, _RUN, _CELL, _STYLE, _VAL = f"{_W}p", f"{_W}r", f"{_W}tc", f"{_W}pStyle", f"{_W}val"
_PROPERTIES, _TAB = f"{_W}pPr", f"{_W}tab"
_PLAIN = StyleFacts("", -1)
_TYPED = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_LEFT_OVER = re.compile("[\ue000-\ue0ff\U000f0000-\U000ffffd]")  # the marks of templates; people's braces are theirs
_LOOKED_AT = re.compile(r"word/(?:document|styles|numbering|header\d*|footer\d*)\.xml|docProps/core\.xml")
_FILE_NAME = re.compile(r"\.(png|jpe?g|gif|svg|emf)$", re.IGNORECASE)
_SMALLEST = 17  # half points: 8.5 pt
_LARGE = 36  # half points: from 18 pt WCAG asks for a contrast of 3, below that for 4.5
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def check_docx(data: bytes) -> list[str]:
    """What is wrong with the Word file, one finding for each rule broken, in Swedish; empty when it may be sent."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names if _LOOKED_AT.fullmatch(name)}
    body = etree.fromstring(parts["word/document.xml"], _PARSER)
    around = [
        etree.fromstring(parts[name], _PARSER) for name in parts if re.fullmatch(r"word/(header|footer)\d*\.xml", name)
    ]
    styles, tables, language = style_facts(parts["word/styles.xml"])
    lines = [_Line(paragraph) for paragraph in body.iter(_P)]
    beside = [_Line(paragraph) for root in around for paragraph in root.iter(_P)]
    findings = [
        *_properties(parts.get("docProps/core.xml", b"<x/>"), language),
        *_paragraphs(lines, styles),
        *_tables(body, styles, tables),
        *_pictures([body, *around]),
        *_text_look({(line.style, line.in_cell) for line in (*lines, *beside)}, styles),
        *_hidden(body, names),
        *_page_numbers(around),
        *_identities([body, *around], parts.get("word/numbering.xml", b"")),
    ]
    return list(dict.fromkeys(findings))


class _Line:
    """A paragraph, read once: every rule about paragraphs looks here."""

    __slots__ = ("element", "in_cell", "style", "text")

    def __init__(self, element: etree._Element) -> None:
        parent = element.getparent()
        self.element = element
        self.in_cell = parent is not None and parent.tag == _CELL
        self.text = "".join(map(str, element.itertext()))
        first = element[0][0] if len(element) and element[0].tag == _PROPERTIES and len(element[0]) else None
        self.style = str(first.get(_VAL)) if first is not None and first.tag == _STYLE else ""

    @property
    def all_bold(self) -> bool:
        """Whether every run with text is bold by itself."""
        runs = [run for run in self.element.iter(_RUN) if (run.findtext(f"{_W}t") or "").strip()]
        return bool(runs) and all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)

    @property
    def shows(self) -> bool:
        """Whether there is anything to see: text or a picture."""
        return bool(self.text.strip()) or self.element.find(f".//{_W}drawing") is not None


def _value(element: etree._Element | None, attribute: str = "val") -> str:
    return "" if element is None else str(element.get(f"{_W}{attribute}") or "")


def _properties(core: bytes, language: str) -> Iterator[str]:
    root = etree.fromstring(core, _PARSER)
    if not (root.findtext(f"{_DC}title") or "").strip():
        yield "A01: dokumentet saknar titel"
    if not (root.findtext(f"{_DC}language") or "").startswith("sv"):
        yield "A02: dokumentets språk är inte svenska"
    if not language.startswith("sv"):
        yield "A03: textens språk är inte svenska i brevmallens formatmallar"


def _paragraphs(lines: list[_Line], styles: dict[str, StyleFacts]) -> Iterator[str]:
    titles, level, typed = 0, 0, 0
    for line in lines:
        text, style = line.text, styles.get(line.style, _PLAIN)
        titles += style.name == "title"
        if style.level >= 0:
            if style.level > level:
                yield f"A05: rubriken ”{text[:60]}” hoppar över en nivå"
            level = style.level + 1
        if not text.strip() and not line.shows:
            if style.level >= 0:
                yield "A05: en rubrik är tom"
            elif not line.in_cell:
                yield "A08: ett stycke är tomt"
            continue
        typed = typed + 1 if _TYPED.match(text) and not style.numbered and style.level < 0 else 0
        if typed > 1:
            yield f"A07: ”{text[:60]}” är en lista skriven för hand"
        if not (line.in_cell or style.bold or style.level >= 0) and line.all_bold:
            yield f"A09: ”{text[:60]}” är fet text i stället för rubrik"
        if "   " in text:
            yield f"A10: ”{text[:60]}” är ordnad med blanksteg"
        if _LEFT_OVER.search(text):
            yield f"A30: ”{text[:60]}” innehåller rester av mallen"
    yield from _tabs(lines, styles)
    if titles != 1:
        yield f"A04: dokumentet har {titles} titlar i texten, inte en"


def _tabs(lines: list[_Line], styles: dict[str, StyleFacts]) -> Iterator[str]:
    """One tab may stand in a heading, between its number and its words."""
    root = lines[0].element.getroottree().getroot() if lines else None
    tabs = [] if root is None else [tab for tab in root.iter(_TAB) if tab.getparent().tag == _RUN]  # type: ignore[union-attr]
    places = {tab.getparent().getparent() for tab in tabs}  # type: ignore[union-attr]
    levels = {line.element: styles.get(line.style, _PLAIN).level for line in lines} if tabs else {}
    if len(places) < len(tabs) or any(levels.get(place, -1) < 0 for place in places if place is not None):
        yield "A10: ett stycke är ordnat med tabbar"


def _tables(body: etree._Element, styles: dict[str, StyleFacts], tables: dict[str, TableFacts]) -> Iterator[str]:
    for table in body.iter(f"{_W}tbl"):
        rows = table.findall(f"{_W}tr")
        look = table.find(f"{_W}tblPr/{_W}tblLook")
        header = bool(rows) and rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None
        first_row, first_column = _value(look, "firstRow") == "1", _value(look, "firstColumn") == "1"
        if not (header or first_column) or header != first_row:
            yield "A06: en tabell saknar rubrikrad eller rubrikkolumn"
        yield from _cells(table, rows, header)
        facts = tables.get(_value(table.find(f"{_W}tblPr/{_W}tblStyle")))
        if facts is None:
            yield "A20: en tabell har en okänd formatmall"
        else:
            yield from _table_contrast(rows, facts, styles, header=header, column=first_column)


def _cells(table: etree._Element, rows: list[etree._Element], header: bool) -> Iterator[str]:
    columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
    if next(table.iter(f"{_W}gridSpan", f"{_W}vMerge"), None) is not None:
        yield "A11: en tabell har sammanslagna celler"
    if next((inner for inner in table.iter(f"{_W}tbl") if inner is not table), None) is not None:
        yield "A11: en tabell ligger i en annan tabell"
    if header and any(not "".join(map(str, cell.itertext())).strip() for cell in rows[0].findall(_CELL)):
        yield "A06: en kolumn saknar rubrik"
    for row in rows:
        cells = row.findall(_CELL)
        if len(cells) != columns:
            yield "A27: en tabellrad har fel antal celler"
        if row.find(f"{_W}trPr/{_W}cantSplit") is None:
            yield "A13: en tabellrad kan delas mellan två sidor"
        if any(len(cell) == 0 or cell[-1].tag != _P for cell in cells):
            yield "A23: en tabellcell slutar inte med ett stycke"


def _table_contrast(
    rows: list[etree._Element], facts: TableFacts, styles: dict[str, StyleFacts], *, header: bool, column: bool
) -> Iterator[str]:
    """Each paragraph style in the table against each ground it can stand on."""
    seen: set[tuple[str, bool, bool]] = set()
    for index, row in enumerate(rows[:3]):
        for place, cell in enumerate(row.findall(_CELL)):
            seen |= {(_Line(p).style, header and index == 0, column and place == 0) for p in cell.findall(_P)}
    for style_id, in_header, in_column in seen:
        grounds = {facts.header} if in_header else {facts.column} if in_column else {facts.ground, facts.band}
        style = styles.get(style_id)
        for ground in grounds:
            if style and contrast(style.color, ground) < 4.5:
                yield f"A18: formatmallen {style.name} har för svag kontrast i tabeller"


def _pictures(roots: Iterable[etree._Element]) -> Iterator[str]:
    for root in roots:
        for drawing in root.iter(f"{_W}drawing"):
            if drawing.find(f"{_WP}anchor") is not None:
                yield "A16: en bild ligger fritt på sidan; låt den stå i texten"
            for shape in drawing.iter(f"{_WP}docPr"):
                described = str(shape.get("descr") or "")
                decorative = any("decorative" in str(node.tag) for node in shape.iter() if isinstance(node.tag, str))
                if not decorative and (not described.strip() or len(described) > 300 or _FILE_NAME.search(described)):
                    yield "A14: en bild saknar alternativtext som säger vad den visar"


def _text_look(used: set[tuple[str, bool]], styles: dict[str, StyleFacts]) -> Iterator[str]:
    """Each style in use, beside whether it stands in a table's cell (whose ground _table_contrast knows)."""
    for style_id, in_cell in sorted(used):
        style = styles.get(style_id) if style_id else None
        if style is None:
            if style_id:
                yield f"A20: formatmallen {style_id} finns inte i brevmallen"
            continue
        if not in_cell and contrast(style.color, style.ground) < (3 if style.size >= _LARGE else 4.5):
            yield f"A18: formatmallen {style.name} har för svag kontrast"
        if style.size < _SMALLEST:
            yield f"A19: formatmallen {style.name} är mindre än 8,5 punkter"


def _hidden(body: etree._Element, names: list[str]) -> Iterator[str]:
    if next(body.iter(f"{_W}vanish", f"{_W}ins", f"{_W}del"), None) is not None:
        yield "A17: dokumentet har dold text eller spårade ändringar"
    if "word/comments.xml" in names:
        yield "A17: dokumentet har kommentarer; ta bort dem ur brevmallen"


def _page_numbers(around: list[etree._Element]) -> Iterator[str]:
    fields = {str(node.text).split()[0] for root in around for node in root.iter(f"{_W}instrText") if node.text}
    fields |= {_value(node, "instr").split()[0] for root in around for node in root.iter(f"{_W}fldSimple")}
    if not {"PAGE", "NUMPAGES"} <= fields:
        yield "A21: sidfoten visar inte sida X av Y"
    for root in around:
        kinds = Counter(_value(node, "fldCharType") for node in root.iter(f"{_W}fldChar"))
        if kinds["begin"] != kinds["end"]:
            yield "A24: ett fält i sidhuvud eller sidfot är inte avslutat"


def _identities(roots: list[etree._Element], numbering: bytes) -> Iterator[str]:
    shapes = Counter(node.get("id") for root in roots for node in root.iter(f"{_WP}docPr"))
    controls = Counter(_value(node) for root in roots for node in root.iterfind(f".//{_W}sdtPr/{_W}id"))
    marks = Counter(_value(node, "name") for root in roots for node in root.iter(f"{_W}bookmarkStart"))
    for rule, tally, word in (("A15", shapes, "bilder"), ("A25", marks, "bokmärken"), ("A28", controls, "kontroller")):
        if any(amount > 1 for amount in tally.values()):
            yield f"{rule}: två {word} har samma nummer eller namn"
    known = _numbers(numbering)
    if any(_value(node) not in known for node in roots[0].iter(f"{_W}numId")):
        yield "A26: en lista har en numrering som inte finns"


@lru_cache(maxsize=16)
def _numbers(numbering: bytes) -> frozenset[str]:
    return frozenset(found.decode() for found in re.findall(rb'<w:num [^>]*w:numId="(\d+)"', numbering))
