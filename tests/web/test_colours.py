"""Every pair of colours the pages use, computed from the sheet in both schemes: text 4.5 to 1, shapes 3 to 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import governance.web.app as web

SHEET = (web.STATIC / "style.css").read_text("utf-8")
RINGS = tuple(f"ring{n}" for n in range(1, 7))
GROUNDS = ("page", "card")
# Text, and the grounds it stands on.
TEXTS: dict[str, tuple[str, ...]] = {
    "ink": (*GROUNDS, "tint", "good-tint", "warn-tint", "late-tint", "band", *(f"{ring}-tint" for ring in RINGS)),
    "soft": (*GROUNDS, "tint"),
    "accent": (*GROUNDS, "tint"),
    "on-accent": ("accent",),
    "late": (*GROUNDS, "late-tint"),
    "good": (*GROUNDS, "good-tint"),
    "warn": (*GROUNDS, "warn-tint"),
    "card": (*RINGS, "late"),  # the day in a filled mark, the sign in a triangle
} | {ring: ("card", f"{ring}-tint") for ring in RINGS}
# Shapes that tell something, and the grounds they lie on.
SHAPES: dict[str, tuple[str, ...]] = {
    "late": tuple(f"{ring}-tint" for ring in RINGS),
    "ink": tuple(f"{ring}-tint" for ring in RINGS),
    "soft": ("card", *(f"{ring}-tint" for ring in RINGS)),
    "edge": GROUNDS,
    "accent": (*GROUNDS, "band"),
}


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def schemes() -> dict[str, dict[str, str]]:
    """The colours by name: those of `:root`, and what the dark scheme puts in their place."""
    light = tokens(SHEET[: SHEET.index("@media")])
    dark = tokens(SHEET[SHEET.index("@media (prefers-color-scheme: dark)") : SHEET.index("* { box-sizing")])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def below(pairs: dict[str, tuple[str, ...]], scheme: str, least: float) -> list[tuple[str, str, float]]:
    colours = schemes()[scheme]
    found = [
        (front, ground, round(contrast(colours[front], colours[ground]), 2))
        for front, grounds in pairs.items()
        for ground in grounds
    ]
    assert len(found) > 15
    return [each for each in found if each[2] < least]


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_every_ground_it_has(scheme: str) -> None:
    assert below(TEXTS, scheme, 4.5) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shapes_stand_out_from_every_ground_they_have(scheme: str) -> None:
    assert below(SHAPES, scheme, 3) == []


def test_both_schemes_name_the_same_colours() -> None:
    dark = SHEET[SHEET.index("@media (prefers-color-scheme: dark)") : SHEET.index("* { box-sizing")]
    assert tokens(dark).keys() == schemes()["light"].keys()


def test_sheet_uses_its_colours_by_name_alone() -> None:
    """A colour written out elsewhere would be right in one scheme only; print is black on white in both."""
    rules = SHEET[SHEET.index("* { box-sizing") :]
    screen = re.sub(r"@media print \{(?:[^{}]|\{[^{}]*\})*\}", "", rules)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s}])", screen) == []


def test_every_named_colour_exists() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", SHEET))
    assert used - schemes()["light"].keys() - set(re.findall(r"--([\w-]+):", SHEET)) == set()


def test_templates_have_no_style_of_their_own() -> None:
    folder = Path(web.__file__).parents[2] / "templates/pages"
    assert [
        file.name
        for file in folder.glob("*.j2")
        if re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)", file.read_text("utf-8"))
    ] == []
