"""The kinds of value a key can have, each with its parser and its JSON Schema. Messages are Swedish sentences.

The parsers raise ValueError alone, whatever is wrong: that is what pydantic gathers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from governance.config import words
from governance.model.cadence import Recess, Span, WeekSpan

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_DAY_OFF_WORDS = ("public-holidays", "eves", "squeeze-days")


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("här ska det stå text" + _instead(value))  # noqa: TRY004
    text = str(value).strip()
    if not text:
        raise ValueError("texten är tom; skriv något eller ta bort nyckeln")
    if _CONTROL.search(text):
        raise ValueError("texten har ett osynligt styrtecken; ta bort det omvända snedstrecket eller tecknet")
    return text


def _line(value: Any) -> str:
    text = _text(value)
    if "\n" in text:
        raise ValueError("texten ska stå på en rad")
    if len(text) > 300:
        raise ValueError(f"texten är {len(text)} tecken lång; högst 300 får plats")
    return text


def _instead(value: Any) -> str:
    if isinstance(value, dict):
        return ", inte nycklar med värden"
    if isinstance(value, list):
        return ", inte en lista"
    if isinstance(value, bool):
        return f', inte {str(value).lower()}; sätt citattecken om det är text: "{str(value).lower()}"'
    return "; raden är tom" if value is None else ""


def _email(value: Any) -> str:
    text = _line(value)
    if not _EMAIL.fullmatch(text) or ".." in text:
        raise ValueError(f'"{text}" är ingen e-postadress; skriv till exempel anna.lind@exempel.example')
    return text


def _ident(value: Any) -> str:
    text = _line(value)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise ValueError(f'"{text}" får bara ha små bokstäver a-z, siffror och bindestreck, högst 64 tecken')
    return text


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        if isinstance(value, str) and value.isdecimal():
            raise ValueError(f"talet {value} ska stå utan citattecken")
        raise ValueError(f"här ska det stå ett heltal{_instead(value)}")  # noqa: TRY004
    if value < 1:
        raise ValueError(f"{value} är för litet; skriv ett heltal från 1")
    return value


def _port(value: Any) -> int:
    number = _whole(value)
    if number > 65535:
        raise ValueError(f"{number} är ingen port; skriv ett heltal från 1 till 65535")
    return number


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(
        f'skriv true eller false, inte "{value}"' if isinstance(value, str | int) else "skriv true eller false"
    )


def _several(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _scalar(parse: Any) -> Any:
    def checked(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError("här ska det stå ett värde" + _instead(value))  # noqa: TRY004
        return parse(value)

    return checked


def _day_off(value: Any) -> str | date:
    if value in _DAY_OFF_WORDS:
        return str(value)
    if re.match(r"\d{4}-", str(value)):
        return words.parse_day(value)
    raise ValueError(words.unknown(value, "ingen sorts ledig dag", _DAY_OFF_WORDS) + ", eller skriv ett datum")


def _web(value: Any) -> str:
    text = _line(value)
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise ValueError(f'"{text}" är ingen webbadress; skriv till exempel https://kadens.exempel.example')
    return text


_STRING = {"type": "string"}
_DATE = {"type": "string", "format": "date"}
_SPAN_PATTERN = r"^\d{1,2}[:.]\d{2}([-–]\d{1,2}[:.]\d{2})?$"
_MINUTES = {
    "anyOf": [{"type": "string", "pattern": r"^\d+ ?(min|minutes?|h|hours?)$"}, {"type": "integer", "minimum": 1}]
}
_RECESS = r"^(weeks? \d{1,2}(-\d{1,2})?|\d{2}-\d{2}\.\.\d{2}-\d{2}|\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?)$"

Line = Annotated[str, PlainValidator(_line), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 300})]
Text = Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string", "minLength": 1})]
Phone = Annotated[str, PlainValidator(_line), WithJsonSchema({"type": ["string", "integer"]})]
Ident = Annotated[str, PlainValidator(_ident), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"})]
Email = Annotated[str, PlainValidator(_email), WithJsonSchema({"type": "string", "format": "email"})]
Web = Annotated[str, PlainValidator(_web), WithJsonSchema({"type": "string", "format": "uri"})]
Whole = Annotated[int, PlainValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 1})]
Port = Annotated[int, PlainValidator(_port), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 65535})]
Yes = Annotated[bool, PlainValidator(_yes), WithJsonSchema({"type": "boolean"})]
Day = Annotated[date, PlainValidator(_scalar(words.parse_day)), WithJsonSchema(_DATE)]
Days = Annotated[
    tuple[date, date],
    PlainValidator(_scalar(words.parse_days)),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$"}),
]
Clock = Annotated[
    Span, PlainValidator(_scalar(words.parse_span)), WithJsonSchema({**_STRING, "pattern": _SPAN_PATTERN})
]
Minutes = Annotated[int, PlainValidator(_scalar(words.parse_minutes)), WithJsonSchema(_MINUTES)]
FreePeriod = Annotated[
    Recess, PlainValidator(_scalar(words.parse_recess)), WithJsonSchema({**_STRING, "pattern": _RECESS})
]
Season = Annotated[
    WeekSpan, PlainValidator(_scalar(words.parse_season)), WithJsonSchema({**_STRING, "pattern": _RECESS})
]  # or a DaySpan
DayOff = Annotated[
    date | str,
    PlainValidator(_scalar(_day_off)),
    WithJsonSchema({"anyOf": [{"enum": list(_DAY_OFF_WORDS)}, _DATE]}),
]


T = TypeVar("T")
# One value or a list of them. In the JSON Schema both are allowed; `reference.widen` sees to that.
Several = Annotated[tuple[T, ...], BeforeValidator(_several), Field(json_schema_extra={"x-one-or-several": True})]
Lines = Several[Line]
Word = Annotated[str, PlainValidator(_scalar(str)), WithJsonSchema({"type": ["string", "integer"]})]
Wordlist = Several[Word]
