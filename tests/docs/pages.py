"""The pages, and what is in them: links, console blocks, files to save."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"), *ROOT.glob("templates/*.md")]
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)


def named(page: Path) -> str:
    """The page as a test's id."""
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    """The text without its fenced blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))


def links(page: Path) -> list[str]:
    """Where the page's links and pictures point."""
    return _LINK.findall(without_code(page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """The page's headings as GitHub makes anchors of them."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@dataclass(frozen=True)
class Command:
    """A command of a console block, and the lines that the page shows of its output."""

    words: str
    shown: tuple[str, ...]


def blocks(page: Path) -> list[tuple[str, str]]:
    """(language, content) of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands(console: str) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ ").partition("  #")[0].strip(), ()))
        elif line.strip():
            found[-1] = Command(found[-1].words, (*found[-1].shown, line.strip()))
    return found
