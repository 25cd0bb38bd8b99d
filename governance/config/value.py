"""A value of a YAML file together with where it stands, so that whoever finds it wrong can say so there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from governance.config import words
from governance.config.problem import Path, Problem, spell
from governance.config.source import Source

T = TypeVar("T")

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]+(\d{1,2})[:.](\d{2})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True, slots=True)
class Value:
    """One value. Each reading method returns what it read, or None after noting a Swedish problem at the value."""

    source: Source
    path: Path
    data: Any

    def wrong(self, message: str) -> None:
        """Notes a problem here, unless one that explains it is already noted."""
        if not self.source.clouded(self.path):
            self.source.report(self.path, message)

    def at(self, step: str | int, data: Any = None) -> Value:
        """The value one step further in."""
        return Value(self.source, (*self.path, step), data)

    def keys(self, right: Iterable[str], must: Iterable[str] = ()) -> dict[str, Value] | None:
        """The values under the keys of `right`; other keys, and `must` keys that are missing, are problems."""
        found = self.pairs()
        if found is None:
            return None
        allowed, hints = list(right), ""
        for key in [key for key in found if key not in allowed]:
            hints += words.nearest(key, allowed)
            self.at(key).wrong(words.unknown(key, "ingen nyckel här", allowed))
            del found[key]
        for key in must:
            if key not in found and f'"{key}"' not in hints:
                self._missing(key)
        return found

    def _missing(self, key: str) -> None:
        """Notes that a key is missing; what stands beside it is still read, and its problems told."""
        path = (*self.path, key)
        if not self.source.clouded(path):
            self.source.problems.append(Problem(*self.source.place(path), spell(self.path), f'nyckeln "{key}" saknas'))

    def pairs(self) -> dict[str, Value] | None:
        """The values under keys that the user has named."""
        if not isinstance(self.data, dict):
            self.wrong("här ska det stå nycklar med värden" + self._instead())
            return None
        return {str(key): self.at(key, value) for key, value in self.data.items()}

    def rows(self) -> Iterator[Value]:
        """The values of a list; one value alone counts as a list of one."""
        many = self.data if isinstance(self.data, list) else [self.data]
        if isinstance(self.data, list):
            return (self.at(number, value) for number, value in enumerate(many))
        return iter([self])

    def text(self) -> str | None:
        """Some text; whole numbers count as text."""
        if isinstance(self.data, bool) or not isinstance(self.data, str | int):
            self.wrong("här ska det stå text" + self._instead())
            return None
        text = str(self.data).strip()
        if not text:
            self.wrong("texten är tom; skriv något eller ta bort nyckeln")
        return text or None

    def yes(self) -> bool:
        """`true` or `false`."""
        if isinstance(self.data, bool):
            return self.data
        self.wrong(
            f'skriv true eller false, inte "{self.data}"' if isinstance(self.data, str) else "skriv true eller false"
        )
        return False

    def word(self, right: Iterable[str], what: str, also: Mapping[str, str] | None = None) -> str | None:
        """One of the right words; `also` leads from other names of them, in lower case, to the one that is meant."""
        text = self.text()
        if text is None:
            return None
        allowed = list(right)
        if text in allowed:
            return text
        meant = (also or {}).get(text.casefold(), "")
        hint = f'; menade du "{meant}"?' if meant in allowed else words.nearest(text, allowed)
        few = "; " + words.choices(allowed) if 0 < len(allowed) <= 12 else ""
        self.wrong(f'"{text}" är {what}{hint or few}')
        return None

    def day(self) -> date | None:
        """`2027-02-11`."""
        return self._parsed(words.parse_day)

    def clock(self) -> time | None:
        """`09:20`, local wall time."""
        return self._parsed(_clock)

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """`2027-01-11 09:40`, local, as an aware moment."""
        return self._parsed(lambda text: _moment(text, zone))

    def _parsed(self, parse: Callable[[str], T]) -> T | None:
        text = self.text()
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.wrong(str(error))
            return None

    def _instead(self) -> str:
        match self.data:
            case dict():
                return ", inte nycklar med värden"
            case list():
                return ", inte en lista"
            case bool():
                word = str(self.data).lower()
                return f', inte {word}; sätt citattecken om det är text: "{word}"'
            case None:
                return "; raden är tom"
            case _:
                return ", inte bara text"


def _clock(text: str) -> time:
    match = _CLOCK.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'"{text}" är inget klockslag; skriv till exempel "09:20"')
    return time(int(match[1]), int(match[2]))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f'"{text}" är ingen tidpunkt; skriv datum och klockslag, till exempel 2027-01-11 09:40')
    moment = datetime.combine(words.parse_day(match[1]), _clock(f"{match[2]}:{match[3]}"), zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValueError(f"klockslaget {text} finns inte: då ställdes klockan fram till sommartid")
    return moment
