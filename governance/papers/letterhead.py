"""The letterhead: a Word document the municipality owns, whose styles, header and footer every paper takes.

The papers fill header and footer where a plain-text content control is tagged with one of FIELDS, or where the text
itself says `[organ]`; some programs drop the control and keep its text. All other parts stay as they are.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from governance.papers.docx import STYLES, WordWriter
from governance.papers.package import Part, pack
from governance.papers.values import clean

if TYPE_CHECKING:
    from docx.document import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = {"w": W}
FIELDS = ("kommun", "organ", "dokumenttyp", "datum", "diarienr", "kontakt")
_FIELD = re.compile(rf"\[({'|'.join(FIELDS)})\]")
_MAIN = "word/document.xml"
_CORE = "docProps/core.xml"
_NUMBERING = "word/numbering.xml"
_TWIP = 635  # in the units python-docx measures with (EMU)
_MOST = 20_000_000  # bytes of an unpacked letterhead: far more than a logotype needs
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE_SPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


class LetterheadProblem(Exception):
    """The letterhead cannot carry a paper. The message says what to add in Word."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands in a paper's header and footer. Empty fields are left empty."""

    municipality: str
    body: str = ""
    document: str = ""  # "Kallelse och dagordning"
    date: str = ""  # as it is to be read
    case_number: str = ""
    contact: str = ""

    def fields(self) -> dict[str, str]:
        """What each of FIELDS is filled with."""
        values = (self.municipality, self.body, self.document, self.date, self.case_number, self.contact)
        return dict(zip(FIELDS, values, strict=True))


class ReferenceDocument:
    """A letterhead, read once: `finish` puts a paper's body in it. Raises LetterheadProblem."""

    def __init__(self, path: Path) -> None:
        # Takes a while to import, and is needed only where a Word file is made.
        import docx  # noqa: PLC0415
        from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

        self.path = path
        try:
            with zipfile.ZipFile(path) as package:
                if sum(info.file_size for info in package.infolist()) > _MOST:
                    raise LetterheadProblem(f"{path}: brevmallen är större än 20 MB; minska bilderna i den")
                contents = {info.filename: package.read(info) for info in package.infolist()}
            if _CORE not in contents or "[Content_Types].xml" not in contents:
                raise LetterheadProblem(f"{path}: brevmallen saknar delar som Word alltid sparar; spara om den i Word")
            self._read(docx.Document(str(path)), contents)
        except (OSError, zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
            raise LetterheadProblem(f"{path}: brevmallen går inte att läsa som en Word-fil (.docx): {error}") from error

    def _read(self, letterhead: Document, contents: dict[str, bytes]) -> None:
        """python-docx tells what the document holds; every part that no paper changes is kept to the byte."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        styles = self._styles(letterhead)
        section = letterhead.sections[-1]
        self._section = etree.tostring(
            etree.fromstring(contents[_MAIN], parser).findall(f".//{{{W}}}sectPr")[-1], encoding="unicode"
        )
        margins = (section.left_margin or 1417 * _TWIP) + (section.right_margin or 1417 * _TWIP)
        self.writer = WordWriter(styles, ((section.page_width or 11906 * _TWIP) - margins) // _TWIP)
        self.title_style = styles["Title"]
        numbering = contents.get(_NUMBERING, b"").decode()
        self._numbering, self.first_list = numbering, self._first_free(numbering)
        self._ordered = self._abstract_of(letterhead)
        self._static: dict[str, Part] = {}
        self._filled: dict[str, list[str]] = {}
        for name, content in contents.items():
            if re.fullmatch(r"word/(header|footer)\d*\.xml", name):
                self._filled[name] = _pieces(etree.fromstring(content, parser))
            elif name not in (_MAIN, _CORE):
                self._static[name] = Part(name, content, store=name.endswith((".png", ".jpg", ".jpeg", ".gif")))
        if not any(len(pieces) > 1 for pieces in self._filled.values()):
            raise LetterheadProblem(
                f"{self.path}: brevmallens sidhuvud och sidfot har inget fält att fylla i; skriv till exempel "
                "[kommun], [organ], [dokumenttyp], [datum], [diarienr] och [kontakt] där de ska stå"
            )

    def _styles(self, letterhead: Document) -> dict[str, str]:
        """Style ids by name: a Swedish Word calls the id `Rubrik1`, LibreOffice drops å, ä and ö; the name stays."""
        by_name = {
            alias.strip().casefold(): str(style.style_id)
            for style in letterhead.styles
            for alias in (style.name or "").split(",")
        }
        missing = [name for name in dict.fromkeys(STYLES.values()) if name.casefold() not in by_name]
        if missing:
            raise LetterheadProblem(
                f"{self.path}: brevmallen saknar formatmallarna {', '.join(missing)}; lägg till dem i Word "
                "(Hantera formatmallar) eller kopiera dem från den brevmall som följer med"
            )
        return {name: by_name[name.casefold()] for name in STYLES.values()}

    def _first_free(self, numbering: str) -> int:
        return max((int(n) for n in re.findall(r'<w:num w:numId="(\d+)"', numbering)), default=0) + 1

    def _abstract_of(self, letterhead: Document) -> str:
        """The abstract numbering behind the numbered list, from which each list in a paper starts at 1 again."""
        number = letterhead.styles["List Number"].element.find("w:pPr/w:numPr/w:numId", _NS)
        value = "" if number is None else str(number.get(f"{{{W}}}val"))
        abstract = re.search(rf'<w:num w:numId="{value}"[^>]*>\s*<w:abstractNumId w:val="(\d+)"', self._numbering)
        if not abstract:
            raise LetterheadProblem(f"{self.path}: formatmallen List Number (Numrerad lista) saknar numrering")
        return abstract[1]

    def finish(self, body: str, title: str, letterhead: Letterhead, made: date | None, lists: int) -> bytes:
        """The Word file: `body` is WordprocessingML, `lists` how many numbered lists it has."""
        document = f'{_HEAD}<w:document xmlns:w="{W}"><w:body>{body}{self._section}</w:body></w:document>'
        fields = {
            tag: escape(clean(value).replace("\n", " "), quote=False) for tag, value in letterhead.fields().items()
        }
        changed = {_MAIN: document, _CORE: _core(title, fields["kommun"], made)}
        for name, pieces in self._filled.items():
            changed[name] = "".join(fields[p] if i % 2 else p for i, p in enumerate(pieces))
        static: Mapping[str, Part] = self._static
        if lists:
            changed[_NUMBERING] = self._numbered(lists)
            static = {name: part for name, part in static.items() if name != _NUMBERING}
        parts = [Part(name, content.encode()) for name, content in changed.items()]
        # [Content_Types].xml comes first by custom; some readers look no further for it.
        types = static["[Content_Types].xml"]
        return pack([types, *parts, *(part for part in static.values() if part is not types)])

    def _numbered(self, lists: int) -> str:
        rows = "".join(
            f'<w:num w:numId="{self.first_list + n}"><w:abstractNumId w:val="{self._ordered}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for n in range(lists)
        )
        # w:num comes before w:numIdMacAtCleanup, which Word sometimes leaves last.
        return re.sub(r"(<w:numIdMacAtCleanup[^>]*>)?\s*</w:numbering>", rf"{rows}\1</w:numbering>", self._numbering)


def _pieces(part: etree._Element) -> list[str]:
    """A header or footer cut at its fields: markup, field, markup, field, …, markup."""
    for control in part.iter(f"{{{W}}}sdt"):
        tag = control.find("w:sdtPr/w:tag", _NS)
        name = str(tag.get(f"{{{W}}}val")) if tag is not None else ""
        texts = list(control.iter(f"{{{W}}}t"))
        if name in FIELDS and texts:
            for text in texts:
                text.text = ""
            texts[0].text = f"[{name}]"
            texts[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            for placeholder in control.findall("w:sdtPr/w:showingPlcHdr", _NS):
                placeholder.getparent().remove(placeholder)  # type: ignore[union-attr]
    return _FIELD.split(_HEAD + etree.tostring(part, encoding="unicode"))


def _core(title: str, creator: str, made: date | None) -> str:
    """The document's properties. `title` and `creator` are escaped already."""
    created = f'<dcterms:created xsi:type="dcterms:W3CDTF">{made:%Y-%m-%d}T00:00:00Z</dcterms:created>' if made else ""
    return (
        f"{_HEAD}<cp:coreProperties {_CORE_SPACES}><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
        f"<dc:language>sv-SE</dc:language>{created}</cp:coreProperties>"
    )
