"""What a letterhead's styles come to once inheritance is followed: level, weight, colour, ground, size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLACK, _WHITE = "000000", "FFFFFF"


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """A paragraph style. `level` is 0 for heading 1, -1 for text; `size` in half points; colours as RRGGBB."""

    name: str
    level: int
    bold: bool = False
    color: str = _BLACK
    ground: str = _WHITE
    size: int = 20
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class TableFacts:
    """The grounds a table style gives its header row, its first column, its rows and every second row."""

    header: str = _WHITE
    column: str = _WHITE
    ground: str = _WHITE
    band: str = _WHITE


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of WCAG 2.1: 1 for equal colours, 21 for black on white."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=64)
def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _get(element: etree._Element, path: str, attribute: str = "val") -> str | None:
    node = element.find("/".join(_W + step for step in path.split("/")))
    return None if node is None else str(node.get(f"{_W}{attribute}") or "")


def _color(value: str | None, otherwise: str) -> str:
    return value.upper() if value and value != "auto" and len(value) == 6 else otherwise


@lru_cache(maxsize=16)
def style_facts(styles: bytes) -> tuple[dict[str, StyleFacts], dict[str, TableFacts], str]:
    """The paragraph styles and table styles by id, and the default language."""
    root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    elements = {str(style.get(f"{_W}styleId")): style for style in root.iter(f"{_W}style")}
    defaults = "docDefaults/rPrDefault/rPr"
    size = int(_get(root, f"{defaults}/sz") or 20)
    base = StyleFacts("", -1, color=_color(_get(root, f"{defaults}/color"), _BLACK), size=size)
    paragraphs: dict[str, StyleFacts] = {}
    tables: dict[str, TableFacts] = {}
    for style_id, style in elements.items():
        if style.get(f"{_W}type") == "paragraph":
            paragraphs[style_id] = _paragraph(style_id, elements, base)
        elif style.get(f"{_W}type") == "table":
            tables[style_id] = _table(style)
    return paragraphs, tables, _get(root, f"{defaults}/lang") or ""


def _paragraph(style_id: str, elements: dict[str, etree._Element], base: StyleFacts) -> StyleFacts:
    """The style with what it inherits; a chain of more than twelve is taken as a circle."""
    chain = [elements[style_id]]
    while len(chain) < 12 and (parent := _get(chain[-1], "basedOn")) in elements:
        chain.append(elements[str(parent)])
    facts = base
    for style in reversed(chain):
        level, bold, size = _get(style, "pPr/outlineLvl"), _get(style, "rPr/b"), _get(style, "rPr/sz")
        facts = replace(
            facts,
            level=int(level) if level is not None else facts.level,
            bold=bold not in ("0", "false") if bold is not None else facts.bold,
            color=_color(_get(style, "rPr/color"), facts.color),
            ground=_color(_get(style, "pPr/shd", "fill"), facts.ground),
            size=int(size) if size else facts.size,
            numbered=facts.numbered or style.find(f"{_W}pPr/{_W}numPr") is not None,
        )
    name = (_get(elements[style_id], "name") or "").casefold()
    if facts.level < 0 and name.startswith("heading ") and name[8:].isdigit():
        facts = replace(facts, level=int(name[8:]) - 1)
    return replace(facts, name=name, level=facts.level if facts.level < 9 else -1)


def _table(style: etree._Element) -> TableFacts:
    ground = _color(_get(style, "tcPr/shd", "fill"), _WHITE)
    fills = {"firstRow": ground, "firstCol": ground, "band2Horz": ground}
    for condition in style.findall(f"{_W}tblStylePr"):
        kind = str(condition.get(f"{_W}type"))
        fills[kind] = _color(_get(condition, "tcPr/shd", "fill"), ground)
    return TableFacts(fills["firstRow"], fills["firstCol"], ground, fills["band2Horz"])
