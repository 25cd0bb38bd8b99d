"""Jinja tags in Markdown: each is lifted out and stands as one private character while the text around it is read.

So what people write, and what a tag holds, can never become a heading, a table or another tag.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError

FIRST_TAG = 0xF0000
SENTINEL = re.compile("[\U000f0000-\U000ffffd]")
OPENS = {"for": "endfor", "if": "endif", "block": "endblock", "with": "endwith"}
_FREE = re.compile(r"(\|\s*md\s*(\(.*\))?|^\s*super\(\))\s*$", re.DOTALL)
_STATEMENTS = {*OPENS, *OPENS.values(), "elif", "else", "set", "extends", "include"}


class TemplateProblem(Exception):
    """A template cannot be read or filled in. The message begins with the file and the line."""

    def __init__(self, file: str, line: int, text: str) -> None:
        super().__init__(f"{file}:{line}: {text}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Tag:
    """A Jinja tag as it stood: `{{ … }}` (name "") or `{% name … %}`."""

    source: str
    name: str
    line: int
    mark: str  # the private character that stands for it

    @property
    def inner(self) -> str:
        """What stands between the braces."""
        return self.source[2:-2]

    @property
    def free(self) -> bool:
        """Whether it gives whole blocks: people's own text through `md`, or `super()`."""
        return not self.name and bool(_FREE.search(self.inner))


@dataclass(slots=True)
class Source:
    """A template's text with its tags lifted out; `lines[n]` is the file's line for line n of `text`."""

    file: str
    text: str
    tags: list[Tag] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def problem(self, line: int, text: str) -> TemplateProblem:
        """The problem to raise at `line` of the file."""
        return TemplateProblem(self.file, line, text)

    def restore(self, text: str) -> str:
        """`text` with its tags put back, each on its own line of the file, so that Jinja's errors name that line."""
        line = 1

        def put_back(found: re.Match[str]) -> str:
            nonlocal line
            tag = self.tag(found[0])
            gap = max(0, tag.line - line)
            line += gap + tag.source.count("\n")
            return f"{tag.source[:2]}{chr(10) * gap}{tag.source[2:]}"

        return SENTINEL.sub(put_back, text)

    def tag(self, character: str) -> Tag:
        """The tag that a private character stands for."""
        return self.tags[ord(character) - FIRST_TAG]


def lift(environment: Environment, text: str, file: str) -> Source:
    """Takes the tags out of `text`, one private character for each. Raises TemplateProblem."""
    try:
        environment.parse(text, filename=file)
        stream = list(environment.lex(text, filename=file))
    except TemplateSyntaxError as error:
        raise TemplateProblem(file, error.lineno, f"Jinja-taggen går inte att läsa: {error.message}") from error
    source = Source(file, "")
    pieces: list[str] = []
    inside: list[str] = []
    name, start = "", 0
    for line, kind, value in stream:
        if kind == "data":
            if SENTINEL.search(value):
                raise source.problem(line, "texten innehåller ett tecken ur Unicodes privata område; ta bort det")
            pieces.append(value)
        elif kind in ("variable_begin", "block_begin"):
            inside, name, start = [], "", line
        elif kind in ("variable_end", "block_end"):
            body = "".join(inside)
            whole = f"{{{{{body}}}}}" if kind == "variable_end" else f"{{%{body}%}}"
            _check_statement(source, kind, name, body, start)
            mark = chr(FIRST_TAG + len(source.tags))
            source.tags.append(Tag(whole, name if kind == "block_end" else "", start, mark))
            pieces.append(mark)
            pieces.append("\n" * value.count("\n"))
        elif kind.startswith(("raw", "linestatement")):
            raise source.problem(line, "raw-block används inte i mallarna; skriv texten som den är")
        elif not kind.startswith("comment"):
            inside.append(value)
            if kind == "name" and not name:
                name = value
    _lay_out(source, "".join(pieces))
    return source


def _check_statement(source: Source, kind: str, name: str, body: str, line: int) -> None:
    if kind != "block_end":
        return
    if name not in _STATEMENTS or (name == "set" and "=" not in body):
        raise source.problem(line, f"taggen {{% {name} %}} används inte i mallarna{nearest(name, _STATEMENTS)}")


def nearest(word: str, words: set[str]) -> str:
    """The end of a message about an unknown word: what was probably meant, or what can be written there."""
    close = difflib.get_close_matches(word, words, 1, 0.6)
    return f"; menade du {close[0]}?" if close else f"; här går {', '.join(sorted(words))}"


def _lay_out(source: Source, text: str) -> None:
    """Gives each line that holds only statements a block of its own, or in a table a row of its own."""
    line, out, number = 1, [], []
    depth = -1  # of the tags opened within a table; -1 outside of one
    for raw in text.split("\n"):
        bare = raw.strip()
        tags = [source.tag(c) for c in bare if SENTINEL.match(c)]
        alone = bool(tags) and len(tags) == len(bare.replace(" ", "")) and all(tag.name for tag in tags)
        if alone and depth >= 0:
            depth = _depth(depth, tags)
        elif not alone:
            depth = max(depth, 0) if bare.startswith("|") else -1
        if alone and depth >= 0:
            out.append(f"| {bare} |")
            number.append(line)
        elif alone:
            out += ["", bare, ""]
            number += [line] * 3
        else:
            out.append(raw)
            number.append(line)
        line += 1 + sum(tag.source.count("\n") for tag in tags)
    source.text, source.lines = "\n".join(out), [*number, line]


def _depth(depth: int, tags: Sequence[Tag]) -> int:
    """How deep in a table's own tags one stands after `tags`; -1 where they belong to something outside of it."""
    for tag in tags:
        if tag.name in OPENS:
            depth += 1
        elif tag.name.startswith("end"):
            depth -= 1
        elif tag.name in ("else", "elif") and depth == 0:
            return -1
        if depth < 0:
            return -1
    return depth
