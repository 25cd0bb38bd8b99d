"""Plain data against the schema: every key and kind of value, all in one run.

What is wrong is told and cut away, so that the rest can still be checked in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from governance.config import words
from governance.config.problem import Path
from governance.config.schema import Config, DeliveryKeys, SignInKeys
from governance.config.source import Source

_SECRETS = ("password", "pass", "user", "username", "secret", "token", "key", "losenord", "lösenord")


def validated(source: Source) -> Config | None:
    """The file as `Config` with what was wrong cut away, or None where too little is left. Problems go to `source`."""
    data = source.data
    for _ in range(12):  # each round cuts away what the last one refused
        try:
            return Config.model_validate(data)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=True)
            _tell(source, faults, data)
            data = _without(source, data, {_cut(fault, data) for fault in faults})
    return None


def _path(loc: tuple[str | int, ...], data: Any) -> Path:
    """Pydantic's place as a path in the data: a single value that stands for a list of one has no number."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(step, int) and not isinstance(data, list):
            break
        path.append(step)
        data = _child(data, step)
    return tuple(path)


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _tell(source: Source, faults: list[Any], data: Any) -> None:
    """Reports the faults of a round, less those that only echo an earlier one or each other."""
    told: list[tuple[Path, str]] = []
    hints = ""
    for fault in sorted(faults, key=lambda fault: fault["type"] == "missing"):
        path = _path(fault["loc"], data)
        missing = fault["type"] == "missing"
        if source.clouded(path) or (missing and f'{path[:-1]} menade du "{path[-1]}"?' in hints):
            continue
        message = _message(fault, path)
        hints += f"{path[:-1]}{message[message.find(' menade') :]}" if " menade" in message else ""
        told.append((path[:-1] if missing else path, message))
    for path, message in told:
        source.report(path, message)


def _message(fault: Any, path: Path) -> str:
    kind, value = fault["type"], fault["input"]
    said: dict[str, Callable[[], str]] = {
        "extra_forbidden": lambda: _unknown_key(path),
        "missing": lambda: _missing_key(path),
        "value_error": lambda: str(fault["ctx"]["error"]),
        "literal_error": lambda: _wrong_word(fault),
        "model_type": lambda: "här ska det stå nycklar med värden" + ("; raden är tom" if value is None else ""),
        "tuple_type": lambda: "här ska det stå en lista, med ett streck först på varje rad eller som [ett, två]",
    }
    said["dict_type"] = said["model_type"]
    return said[kind]() if kind in said else "värdet går inte att använda här"


def _missing_key(path: Path) -> str:
    example = _example(path)
    return f'nyckeln "{path[-1]}" saknas' + (f"; skriv till exempel {path[-1]}: {example}" if example else "")


def _wrong_word(fault: Any) -> str:
    right = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
    if isinstance(fault["input"], dict | list) or fault["input"] is None:
        return f"här ska det stå ett ord; {words.choices(right)}"
    return words.unknown(fault["input"], "inget giltigt ord här", right)


def _unknown_key(path: Path) -> str:
    key, model = str(path[-1]), keys_at(path[:-1])
    right = [field.alias or name for name, field in model.model_fields.items()] if model else []
    if model is DeliveryKeys and any(word in key.lower() for word in _SECRETS):
        return (
            f'"{key}" hör inte hemma i filen; sätt KADENS_SMTP_USER och KADENS_SMTP_PASSWORD i miljön där kadens körs'
        )
    if model is SignInKeys and any(word in key.lower() for word in _SECRETS):
        return f'"{key}" hör inte hemma i filen; sätt KADENS_OIDC_SECRET i miljön där kadens körs'
    return f'okänd nyckel "{key}"' + (words.nearest(key, right) or f"; {words.choices(right)}")


def keys_at(path: Path) -> type[BaseModel] | None:
    """The set of keys that the schema has at a path, or None where it has none."""
    kind: Any = Config
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            by_key = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = _bare(by_key[str(step)].annotation) if step in by_key else None
        elif get_origin(kind) is dict and isinstance(step, str):
            kind = _bare(get_args(kind)[1])
        elif get_origin(kind) is tuple and isinstance(step, int):
            kind = _bare(get_args(kind)[0])
        else:
            return None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _bare(kind: Any) -> Any:
    """A kind without its annotations and its `| None`."""
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    if get_origin(kind) not in (dict, tuple, None) and type(None) in get_args(kind):
        return _bare(next(part for part in get_args(kind) if part is not type(None)))
    return kind


def _example(path: Path) -> str:
    model = keys_at(path[:-1])
    for name, field in model.model_fields.items() if model else ():
        if (field.alias or name) == path[-1] and field.examples:
            return flow(field.examples[0])
    return ""


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text}"' if re.match(r"\d{1,2}:\d{2}|\d{2}-\d{2}\.\.|.*[{}\[\]]", text) else text


def _cut(fault: Any, data: Any) -> Path:
    """What to take away: the value at fault, or what lacks a key it must have."""
    path = _path(fault["loc"], data)
    return path[:-1] if fault["type"] == "missing" else path


def _without(source: Source, data: Any, cuts: set[Path]) -> Any:
    """The data without what lies at the paths; later places in a list first, so that the earlier keep their numbers."""
    for path in sorted(
        cuts, key=lambda path: [(isinstance(step, int), str(step).zfill(9)) for step in path], reverse=True
    ):
        if path in ((), ("municipality",), ("municipality", "contact")):
            given = data.get("municipality")
            data = {**data, "municipality": {**_STAND_IN, **(given if isinstance(given, dict) else {})}}
            if path[1:]:
                data["municipality"]["contact"] = _STAND_IN["contact"]
        elif not any(path[: len(other)] == other for other in cuts if other and other != path):
            source.cut(path)
            data = _dropped(data, path)
    return data


def _dropped(data: Any, path: Path) -> Any:
    head, rest = path[0], path[1:]
    if isinstance(data, dict):
        if rest:
            return {**data, head: _dropped(data[head], rest)}
        return {key: value for key, value in data.items() if key != head}
    kept = list(data)
    if rest:
        kept[int(head)] = _dropped(kept[int(head)], rest)
    else:
        del kept[int(head)]
    return kept


_STAND_IN = {"name": "Kommunen", "contact": {"name": "Kontakt", "email": "kontakt@exempel.example"}}
