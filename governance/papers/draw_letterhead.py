"""Builds the neutral letterhead: `python -m governance.papers.draw_letterhead templates/letterhead.docx`.

The result is an ordinary Word document that a municipality opens, changes and keeps beside its config.yaml. It is
built by this script, not by hand, so that each style and each colour can be reviewed here. Lengths are twentieths of
a point (twips), font sizes half points, as WordprocessingML has them.
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from pathlib import Path

from governance.papers.package import Part, pack

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

INK = "1F4E5F"  # 8.9:1 on white
GREY = "595959"  # 7.0:1 on white, 6.4:1 on TINT
TINT = "F1F5F6"
RULE = "B9C6CA"
TEXT_WIDTH = 9072  # A4 less two margins of 25 mm
ITEM = 680  # how far an item's text stands in: 12 mm, room for "§ 112"

_BUILT_IN = {"Normal", "Title", "Subtitle", "List Bullet", "List Number"}
_BAR = (
    f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="{INK}"/></w:pBdr>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>'
)
_TOGETHER = "<w:keepNext/><w:keepLines/>"
_RIGHT_TAB = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'


def _space(before: int, after: int, line: int = 0) -> str:
    """Space before and after in twips; `line` in 240ths of a line."""
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _font(size: int = 0, color: str = "", *, bold: bool = False) -> str:
    return (
        ("<w:b/>" if bold else "")
        + (f'<w:color w:val="{color}"/>' if color else "")
        + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")
    )


def _style(style_id: str, name: str, paragraph: str, run: str = "", based: str = "Normal", following: str = "") -> str:
    """A paragraph style. Properties stand in the order of the schema, or Word calls the file damaged."""
    built_in = name[0].islower() or name in _BUILT_IN
    kind = ' w:default="1"' if name == "Normal" else "" if built_in else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if name != "Normal" else "")
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr>"
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _paragraph_styles() -> str:
    item, rubric = f'<w:ind w:left="{ITEM}"/>', "Arendetext"
    hanging = f'<w:ind w:left="{ITEM}" w:hanging="{ITEM}"/>'
    number = f'<w:tabs><w:tab w:val="left" w:pos="{ITEM}"/></w:tabs>'
    point = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
    pointed = f'<w:ind w:left="{ITEM + 284}" w:hanging="284"/>'
    line = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="{RULE}"/></w:pBdr>'

    def level(depth: int) -> str:
        return f'<w:outlineLvl w:val="{depth}"/>'

    rows = (
        _style("Normal", "Normal", _space(0, 120, 264)),
        _style(
            "Rubrik", "Title", f"<w:keepNext/>{_space(240, 40, 240)}", _font(36, INK, bold=True), following="Normal"
        ),
        _style("Underrubrik", "Subtitle", f"<w:keepNext/>{_space(0, 180)}", _font(24, GREY), following="Normal"),
        _style("Rubrik1", "heading 1", _TOGETHER + _space(320, 100, 240) + level(0), _font(28, INK, bold=True)),
        _style("Rubrik2", "heading 2", _TOGETHER + _space(220, 60, 240) + level(1), _font(23, bold=True)),
        _style("Rubrik3", "heading 3", _TOGETHER + _space(160, 40, 240) + level(2), _font(bold=True)),
        _style("Arende", "Ärende", number + _space(260, 30) + hanging, based="Rubrik2", following=rubric),
        _style("Arenderad", "Ärenderad", f"<w:keepNext/>{_space(0, 60)}{item}", _font(19, GREY), following=rubric),
        _style("Arendetext", "Ärendetext", _space(0, 80) + item),
        _style("Arendepunkt", "Ärendepunkt", point + _space(0, 40) + pointed, based="Arendetext"),
        _style(
            "Forslag", "Förslag till beslut", f'<w:keepLines/>{_BAR}{_space(60, 120)}<w:ind w:left="{ITEM + 140}"/>'
        ),
        _style("Statusrad", "Statusrad", f'{_BAR}{_space(0, 160)}<w:ind w:left="140"/>', _font(bold=True)),
        _style("Punktlista", "List Bullet", f'<w:numPr><w:numId w:val="1"/></w:numPr>{_space(0, 60)}'),
        _style("Numreradlista", "List Number", f'<w:numPr><w:numId w:val="2"/></w:numPr>{_space(0, 60)}'),
        _style("Tabelltext", "Tabelltext", _space(30, 30, 240), _font(19)),
        _style("Tabellrubrik", "Tabellrubrik", "<w:keepNext/>", _font(0, "FFFFFF", bold=True), based="Tabelltext"),
        _style("Radrubrik", "Radrubrik", _space(30, 30, 240), _font(bold=True), based="Tabelltext"),
        _style("Notis", "Notis", _space(120, 120), _font(19, GREY)),
        _style("Eftertabell", "Efter tabell", _space(120, 120)),
        _style("Sidhuvud", "header", _RIGHT_TAB + _space(0, 0, 240), _font(18)),
        _style(
            "Avsandare",
            "Avsändare",
            f'{_space(0, 80)}<w:textAlignment w:val="center"/>',
            _font(26, INK, bold=True),
            based="Sidhuvud",
        ),
        _style("Sidfot", "footer", line + _RIGHT_TAB + _space(0, 0, 240), _font(17, GREY)),
    )
    return "".join(rows)


def _table_style(style_id: str, borders: str, conditions: str) -> str:
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{style_id}"/>'
        '<w:basedOn w:val="Normaltabell"/><w:qFormat/><w:tblPr><w:tblStyleRowBandSize w:val="1"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"{conditions}</w:style>"
    )


def _fill(kind: str, fill: str) -> str:
    return (
        f'<w:tblStylePr w:type="{kind}"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/></w:tcPr>'
        "</w:tblStylePr>"
    )


def styles() -> str:
    """The styles part. Papers find each style by its name, never by its id."""
    line = 'w:val="single" w:sz="4" w:space="0"'
    across = f'<w:top {line} w:color="{RULE}"/><w:bottom {line} w:color="{RULE}"/><w:insideH {line} w:color="{RULE}"/>'
    around = "".join(f'<w:{side} {line} w:color="{GREY}"/>' for side in ("top", "left", "bottom", "right"))
    around += f'<w:insideH {line} w:color="{GREY}"/><w:insideV {line} w:color="{GREY}"/>'
    fonts = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    return (
        f'{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="21"/>'
        '<w:szCs w:val="21"/><w:lang w:val="sv-SE" w:eastAsia="sv-SE" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        + _paragraph_styles()
        + '<w:style w:type="character" w:default="1" w:styleId="Standardstycke">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlnk"><w:name w:val="Hyperlink"/>'
        f'<w:rPr><w:color w:val="{INK}"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="Normaltabell"><w:name w:val="Normal Table"/>'
        '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        + _table_style("Faktatabell", across, "")
        + _table_style("Datatabell", across, _fill("firstRow", INK) + _fill("band2Horz", TINT))
        + _table_style("Ifyllnadstabell", around, _fill("firstRow", INK) + _fill("firstCol", TINT))
        + "</w:styles>"
    )


def numbering() -> str:
    """Bullets (number 1: in the text, and standing in under an item) and numbered lists (number 2)."""

    def level(depth: int, form: str, text: str, left: int, style: str) -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            + (f'<w:pStyle w:val="{style}"/>' if style else "")
            + f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{left}" w:hanging="284"/></w:pPr></w:lvl>'
        )

    bullets = level(0, "bullet", "•", 284, "Punktlista") + level(1, "bullet", "•", ITEM + 284, "Arendepunkt")
    return (
        f"{HEAD}<w:numbering {NAMESPACES}>"
        f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>{bullets}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{level(0, 'decimal', '%1.', 284, 'Numreradlista')}</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def control(tag: str, number: int) -> str:
    """A plain-text content control that the papers fill in; in Word it stands under Developer.

    Its look is the paragraph's, and its text says its own name: LibreOffice 7.4 may drop the control and its look.
    """
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{number}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>[{tag}]</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _field(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _picture(height: int) -> str:
    """The mark, inline, `height` in EMU."""
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{height}" cy="{height}"/>'
        '<wp:docPr id="1" name="Märke" descr="Kommunens märke: två vågor"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="Märke" descr="Kommunens märke: två vågor"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{height}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _line(content: str, style: str = "Sidhuvud") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


_TAB = "<w:r><w:tab/></w:r>"


def first_header() -> str:
    """The first page: mark and municipality to the left, what the paper is to the right."""
    name = control("kommun", 101)
    space = '<w:r><w:t xml:space="preserve">  </w:t></w:r>'.replace("  ", "\u00a0\u00a0")
    lines = (
        _line(_picture(432000) + space + name, "Avsandare")
        + _line(control("organ", 102) + _TAB + control("dokumenttyp", 103))
        + _line(_TAB + control("datum", 104))
        + _line(_TAB + control("diarienr", 105))
    )
    return f"{HEAD}<w:hdr {NAMESPACES}>{lines}</w:hdr>"


def later_header() -> str:
    """The later pages: two quiet lines."""
    lines = (
        _line(control("kommun", 201) + _TAB + control("dokumenttyp", 202))
        + _line(control("organ", 203) + _TAB + control("datum", 204))
        + _line(_TAB + control("diarienr", 205))
    )
    return f"{HEAD}<w:hdr {NAMESPACES}>{lines}</w:hdr>"


def footer(number: int) -> str:
    """Contact to the left, page X of Y to the right; `number` keeps the control's id unique in the document."""
    page = (
        f'{_TAB}<w:r><w:t xml:space="preserve">Sida </w:t></w:r>{_field("PAGE")}'
        f'<w:r><w:t xml:space="preserve"> av </w:t></w:r>{_field("NUMPAGES")}'
    )
    return (
        f'{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Sidfot"/></w:pPr>'
        f"{control('kontakt', number)}{page}</w:p></w:ftr>"
    )


def mark(size: int = 192) -> bytes:
    """The neutral mark as a PNG: two white waves on a square, drawn here so that no one owns it."""
    ink, paper = bytes.fromhex(INK), b"\xff\xff\xff"
    rows = bytearray()
    for y in range(size):
        rows.append(0)  # PNG filter: none
        for x in range(size):
            distance = min(
                abs(y - size * (base - 0.075 * math.cos(3 * math.pi * (x / size - 0.5)))) for base in (0.38, 0.66)
            )
            inside = 0.12 * size < x < 0.88 * size
            white = max(0.0, min(1.0, 0.055 * size - distance + 0.5)) if inside else 0.0
            rows += bytes(round(i + (p - i) * white) for i, p in zip(ink, paper, strict=True))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + chunk(b"IEND", b"")
    )


def _relationships(rows: tuple[tuple[str, str, str], ...]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"/>' for i, kind, target in rows)
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = [
        ("/word/document.xml", f"{word}.document.main+xml"),
        ("/word/styles.xml", f"{word}.styles+xml"),
        ("/word/numbering.xml", f"{word}.numbering+xml"),
        ("/word/settings.xml", f"{word}.settings+xml"),
        ("/word/header1.xml", f"{word}.header+xml"),
        ("/word/header2.xml", f"{word}.header+xml"),
        ("/word/footer1.xml", f"{word}.footer+xml"),
        ("/word/footer2.xml", f"{word}.footer+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    )


def document() -> str:
    """The body: one line that says what the file is for, and the page's size and margins."""
    return (
        f'{HEAD}<w:document {NAMESPACES}><w:body><w:p><w:pPr><w:pStyle w:val="Rubrik"/></w:pPr>'
        "<w:r><w:t>Brevmall: texten här ersätts av handlingen</w:t></w:r></w:p><w:sectPr>"
        '<w:headerReference w:type="default" r:id="rId5"/><w:headerReference w:type="first" r:id="rId4"/>'
        '<w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="first" r:id="rId7"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1588" w:right="1417" w:bottom="1134" w:left="1417" '
        'w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    )


def build() -> bytes:
    """The whole letterhead, the same bytes each time."""
    settings = (
        f"{HEAD}<w:settings {NAMESPACES}>"
        '<w:defaultTabStop w:val="1304"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="sv-SE"/></w:settings>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Brevmall</dc:title>'
        "<dc:language>sv-SE</dc:language></cp:coreProperties>"
    )
    package_core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    root = _relationships((("rId1", "officeDocument", "word/document.xml"),)).replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{package_core}" Target="docProps/core.xml"/></Relationships>',
    )
    within = _relationships(
        (
            ("rId1", "styles", "styles.xml"),
            ("rId2", "numbering", "numbering.xml"),
            ("rId3", "settings", "settings.xml"),
            ("rId4", "header", "header1.xml"),
            ("rId5", "header", "header2.xml"),
            ("rId6", "footer", "footer1.xml"),
            ("rId7", "footer", "footer2.xml"),
        )
    )
    texts = (
        ("[Content_Types].xml", _content_types()),
        ("_rels/.rels", root),
        ("word/document.xml", document()),
        ("word/_rels/document.xml.rels", within),
        ("word/styles.xml", styles()),
        ("word/numbering.xml", numbering()),
        ("word/settings.xml", settings),
        ("word/header1.xml", first_header()),
        ("word/_rels/header1.xml.rels", _relationships((("rId1", "image", "media/mark.png"),))),
        ("word/header2.xml", later_header()),
        ("word/footer1.xml", footer(301)),
        ("word/footer2.xml", footer(302)),
        ("docProps/core.xml", core),
    )
    parts = [Part(name, text.encode()) for name, text in texts]
    return pack([*parts, Part("word/media/mark.png", mark(), store=True)])


def main() -> None:
    """Writes the letterhead where the first argument says."""
    Path(sys.argv[1]).write_bytes(build())


if __name__ == "__main__":
    main()
