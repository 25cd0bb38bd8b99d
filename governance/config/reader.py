"""YAML text to plain data, with the line of every key and value.

The text is read as events and not with a loader: nothing is resolved by YAML 1.1's rules (13:00 as 780, `on` as
true), nothing is expanded, and nesting is counted as it opens. Text stays text except whole numbers and true/false;
an empty value or `null` means that the key was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from governance.config.problem import Path, Problem, spell
from governance.config.source import Source

__all__ = ["Source", "read"]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_WHOLE = re.compile(r"0|-?[1-9]\d{0,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PERSONAL = re.compile(r"(?<![\d-])(?:(?:19|20)\d{6}[-+ ]?|\d{6}[-+])\d{4}(?![\d-])")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

# What the parser says, in both of its makes, and how to say it to someone who has never seen YAML.
_SYNTAX = (
    ("mapping values are not allowed", 'ett kolon för mycket, eller fel indrag; sätt citattecken om text med ": "'),
    ("found character that cannot start any token", "ett tecken som inte kan stå först; sätt citattecken om texten"),
    ("found unexpected end of stream", "ett citattecken saknas i slutet av en text"),
    ("while scanning a quoted scalar", "ett citattecken saknas, eller ett okänt omvänt snedstreck står i texten"),
    ("did not find expected ',' or", "ett kommatecken eller en avslutande parentes ] eller } saknas"),
    ("expected ',' or", "ett kommatecken eller en avslutande parentes ] eller } saknas"),
    ("could not find expected ':'", "ett kolon saknas efter nyckeln"),
    ("did not find expected key", "felaktigt indrag: raden börjar inte i samma kolumn som raderna den hör till"),
    ("expected <block end>", "felaktigt indrag: raden börjar inte i samma kolumn som raderna den hör till"),
    ("did not find expected '-' indicator", "felaktigt indrag: listans rader måste börja i samma kolumn"),
    ("block sequence entries are not allowed", "en lista kan inte börja här; flytta strecket till en egen rad"),
)


@dataclass
class _Open:
    """A list or mapping whose end has not come; `key` waits for its value, and `skip` drops a repeated one."""

    value: Any
    path: Path
    key: str | None = None
    skip: bool = False
    dropped: bool = False


def read(raw: bytes, file: str, under: Path = (), *, rows: bool = False) -> Source:
    """The bytes of a file as a `Source`; `under` is the path that its content hangs at.

    With `rows` the file is a list, as the record is, and may be empty.
    """
    source = Source(lines={under: (file, 1)})
    text = _decode(raw, source, under)
    if text is None:
        return source
    _refuse_characters(text, source, file)
    if source.problems:
        return source
    _Reading(source, file, under, rows=rows).run(text)
    _refuse_personal_numbers(text, source, file)
    return source


def _decode(raw: bytes, source: Source, under: Path) -> str | None:
    if len(raw) > MAX_BYTES:
        source.report(under, f"filen är {len(raw) // 1024} kB; högst {MAX_BYTES // 1024} kB läses, dela upp den")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        file = source.lines[under][0]
        message = "filen är inte sparad som UTF-8 (ett tecken på raden går inte att läsa); spara den som UTF-8"
        source.problems.append(Problem(file, line, "", message))
        return None


def _refuse_characters(text: str, source: Source, file: str) -> None:
    for match in _CONTROL.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        message = f"ett osynligt styrtecken (U+{ord(match.group()):04X}) står på raden; ta bort det"
        source.problems.append(Problem(file, line, "", message))
    if "\t" in text:
        for number, line_text in enumerate(text.split("\n"), start=1):
            if "\t" in line_text:
                source.problems.append(
                    Problem(file, number, "", "ett tabbtecken står på raden; byt det mot mellanslag")
                )


def _refuse_personal_numbers(text: str, source: Source, file: str) -> None:
    """Individuals' data must not be in the governance file (domain 002-3): a personal number anywhere is an error."""
    for match in _PERSONAL.finditer(text):
        digits = re.sub(r"\D", "", match.group())[-10:]
        if not (1 <= int(digits[2:4]) <= 12 and (1 <= int(digits[4:6]) <= 31 or 61 <= int(digits[4:6]) <= 91)):
            continue
        line = text.count("\n", 0, match.start()) + 1
        at = [path for path, place in source.lines.items() if place == (file, line)]
        common = at[-1] if len(at) == 1 else _shared(at)
        message = "ser ut som ett personnummer; uppgifter om enskilda får inte stå i filen, ta bort det"
        source.problems.append(Problem(file, line, spell(common), message))


def _shared(paths: list[Path]) -> Path:
    """What encloses all of some paths, such as those of one line."""
    shared = paths[0] if paths else ()
    for path in paths:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared


class _Reading:
    """One pass over the events of a file. A class because the passes' state is eight names wide."""

    def __init__(self, source: Source, file: str, under: Path, *, rows: bool) -> None:
        self.source, self.file, self.under, self.rows = source, file, under, rows
        self.stack: list[_Open] = []
        self.documents = 0
        self.root: Any = None
        self.ended = False
        self.open_quote: int | None = None  # the line where a quoted text over several lines, just read, began

    def run(self, text: str) -> None:
        try:
            for event in self._events(text):
                self._take(event)
                if self.ended:
                    break
        except yaml.YAMLError as error:
            self._syntax(error)
            return
        if self.ended:
            return
        if self.rows:
            self._take_rows()
        elif self.root is None:
            self.source.report(self.under, "filen är tom; kör kadens init för ett exempel att utgå från")
        elif not isinstance(self.root, dict):
            self.source.report(self.under, "filen ska bestå av nycklar med värden, till exempel municipality: …")
        else:
            self.source.data = self.root

    def _take_rows(self) -> None:
        if isinstance(self.root, list):
            self.source.rows = self.root
        elif self.root is not None:
            self.source.report(self.under, "filen ska vara en lista: varje möte börjar med ett streck, - meeting: …")

    def _events(self, text: str) -> Iterator[Any]:
        loader = _LOADER(text)
        try:
            while loader.check_event():
                yield loader.get_event()
        finally:
            loader.dispose()

    def _take(self, event: Any) -> None:
        several = event.end_mark.line > event.start_mark.line
        quoted = isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"')
        self.open_quote = event.start_mark.line + 1 if quoted and several else None
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._open(event, {})
            case yaml.SequenceStartEvent():
                self._open(event, [])
            case yaml.CollectionEndEvent():
                done = self.stack.pop()
                if not done.dropped:
                    self._put(done.value)
            case yaml.AliasEvent():
                self._wrong(event, f'"*{event.anchor}" är en YAML-hänvisning, som inte läses; skriv ut värdet')
                self._put(None)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents == 2:
                    self._wrong(event, 'filen har flera dokument åtskilda av "---"; lägg varje kommun i en egen fil')
                    self.ended = True
            case _:
                pass

    def _wrong(self, event: Any, message: str, path: Path | None = None) -> None:
        where = self._path() if path is None else path
        line = event.start_mark.line + 1
        self.source.problems.append(Problem(self.file, line, spell(where), message))
        self.source.faults.append(where)

    def _path(self) -> Path:
        """The path of the value that comes next."""
        if not self.stack:
            return self.under
        top = self.stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return top.path if top.key is None else (*top.path, top.key)

    def _marks(self, event: Any) -> None:
        if event.anchor:
            self._wrong(event, f'"&{event.anchor}" är ett YAML-ankare, som inte läses; ta bort det')
        if event.tag:
            self._wrong(event, f'typen "{event.tag}" läses inte; ta bort den')

    def _open(self, event: Any, value: Any) -> None:
        path = self._path()
        if self._key_wanted():
            self._wrong(event, "en nyckel ska vara ett ord, inte en lista eller flera nycklar")
            self.ended = True
            return
        self._marks(event)
        if len(self.stack) >= MAX_DEPTH:
            self._wrong(event, f"fler än {MAX_DEPTH} nivåer i varandra; gör filen plattare", path[:3])
            self.ended = True
            return
        dropped = bool(self.stack) and (self.stack[-1].skip or self.stack[-1].dropped)
        if not dropped and isinstance(path[-1] if path else None, int):
            self.source.lines[path] = (self.file, event.start_mark.line + 1)
        self.stack.append(_Open(value, path, dropped=dropped))

    def _key_wanted(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _scalar(self, event: Any) -> None:
        if self._key_wanted():
            self._key(event)
            return
        path = self._path()
        self._marks(event)
        value = event.value
        if event.implicit[0]:  # plain: no quotes around it
            if _CLOCK.fullmatch(value):
                self._wrong(event, f'klockslag måste stå inom citattecken: "{value}"')
                value = None
            elif _WHOLE.fullmatch(value):
                value = int(value)
            else:
                value = _CONSTANTS.get(value, value)
        if path not in self.source.lines or event.start_mark.line + 1 > self.source.lines[path][1]:
            self._line(path, event)
        self._put(value)

    def _key(self, event: Any) -> None:
        top = self.stack[-1]
        top.key = event.value
        path = (*top.path, event.value)
        self._marks(event)
        top.skip = event.value in top.value or (path in self.source.lines and not top.dropped)
        if top.skip:
            first = self.source.lines.get(path, (self.file, 0))[1]
            self._wrong(event, f"nyckeln står två gånger (först på rad {first}); ta bort den ena", path)
        else:
            self._line(path, event)

    def _line(self, path: Path, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is None or not (top.skip or top.dropped):
            self.source.lines[path] = (self.file, event.start_mark.line + 1)

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return
        if top.key is not None and not top.skip and value is not None:
            top.value[top.key] = value
        top.key, top.skip = None, False

    def _syntax(self, error: yaml.YAMLError) -> None:
        context, problem = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
        said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
        words = next((plain for part, plain in _SYNTAX if part in said), "kontrollera indrag, kolon och citattecken")
        # A quote that is never closed shows far below, and so does a key without its colon: tell where they began.
        begun = ":" in said or "quoted scalar" in said
        mark = (context if begun else None) or problem or context
        line = mark.line + 1 if mark else 1
        if self.open_quote:
            line, words = self.open_quote, "ett citattecken saknas i slutet av texten"
        self.source.problems.append(Problem(self.file, line, "", f"raden går inte att läsa: {words}"))
