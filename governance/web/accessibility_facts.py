"""What is known of the pages' accessibility, for the statement that lag (2018:1937) asks for; tests hold it true.

`tests/web/browser` runs axe on every page in the sizes and colour schemes below; what it is told to look for stands in
`RULES`. Whoever runs that again writes the day here; whoever finds a shortcoming writes it down until it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TESTED = date(2026, 11, 23)
WRITTEN = date(2026, 11, 23)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (1280, 320)  # pixels
SCHEMES = ("light", "dark")
REPORT_TO = "https://www.digg.se/tdosanmalan"  # Digg's page for complaints; a plain link


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something that some people cannot use, which requirement it fails, and the way around it."""

    what: str
    rule: str
    instead: str


SHORTCOMINGS: tuple[Shortcoming, ...] = (
    Shortcoming(
        "Word-filer i kommunens egen dokumentmall, och filer som andra har skrivit i, kan sakna rubriker, "
        "tabellhuvuden eller språk.",
        "EN 301 549, avsnitt 10",
        "Samma innehåll finns som webbsida bredvid varje Word-fil.",
    ),
)
