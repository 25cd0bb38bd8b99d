"""The JSON Schema for editors and docs/reference/config.md, both made from `schema`.

`python -m governance.config.reference docs/reference/config.md` writes the page anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from governance.config import schema
from governance.config.rhythm import EVERY
from governance.config.structure import flow, keys_at
from governance.config.words import MONTHS

_INTRO = """\
# The configuration, key by key

One YAML file describes a municipality. This page is made from the schema that checks the file, by
`python -m governance.config.reference docs/reference/config.md`. `kadens schema` prints the same as JSON Schema for
editors, `kadens check` lists every problem with its line, and `kadens explain` says each rhythm in Swedish. The
descriptions are those an editor shows, in the language of those who write the file.

Clock times stand in quotes: `"09:00-10:00"`. Where a list is asked for, a single value will do. Dates are `2027-02-11`.
An empty value, or `null`, is the same as leaving the key out. User name and password for mail come from the environment
(`KADENS_SMTP_USER`, `KADENS_SMTP_PASSWORD`), never from the file. Anchors, aliases, tabs, repeated keys, files over
256 kB and anything that looks like a personal identity number are refused.
"""
_RHYTHMS = """\
## Rhythms

```yaml
{every: week, on: tuesday, at: "09:00-10:00"}
{every: odd week, on: wednesday, at: "13:00"}
{every: 2 weeks, from: 2027-01-14, at: "08:30"}
{every: week, on: [tuesday, friday], at: "09:00"}
{every: month, on: first tuesday, except: [july], at: "09:00"}
{every: 2 months, on: last working day, at: "09:00"}
{every: 4 months, from: 2027-02, on: second wednesday, at: "09:00"}
{every: quarter, on: second wednesday of second month, at: "09:00"}
{every: tertial, on: first monday of last month, at: "09:00"}
{every: half-year, on: 15 of first month, at: "09:00"}
{every: year, in: march, on: third thursday, at: "09:00"}
{every: 2 years, from: 2025, in: march, on: last friday, at: "09:00"}
{in: [february, may, september, november], on: tuesday nearest 15, at: "09:00"}
{times: 3, per: semester, on: monday, at: "09:00"}
{times: {spring: 2, autumn: 1}, on: monday, at: "09:00"}
{times: 6, per: year, on: thursday, at: "09:00"}
{times: 2, per: month, on: [first tuesday, third tuesday], at: "09:00"}
{dates: [2027-02-11, 2027-05-04, "2027-09-16 10:00"], at: "09:00-11:30"}
{before: styrgrupp, by: 10 days, at: "09:00"}
{after: styrgrupp, by: 1 hour}
{every: term-of-office}
on demand
```

A product needs no time of day. Without `on` it is due on the last working day of its period's last month; with
`before` or `after` and no `by`, at that body's meeting.
"""


def json_schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12."""
    _, made = models_json_schema(
        [(schema.Config, "validation"), (schema.RhythmKeys, "validation"), (schema.PersonKeys, "validation")],
        ref_template="#/$defs/{model}",
    )
    defs = made["$defs"]
    _widened(defs)
    top = defs.pop("Config")
    used = {name for name in defs if f'"#/$defs/{name}"' in json.dumps([top, defs])}
    defs = {name: keys for name, keys in defs.items() if name in used}
    defs["RhythmKeys"]["properties"]["every"]["examples"] = list(EVERY)
    defs["RhythmKeys"]["properties"]["in"]["examples"] = [[month] for month in MONTHS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kadens",
        "description": top.pop("description"),
        **{key: value for key, value in top.items() if key != "title"},
        "$defs": defs,
    }


def _widened(node: Any) -> None:
    """Lets a single value stand for a list, and an empty value for a key left out, as the reader does."""
    if isinstance(node, list):
        for part in node:
            _widened(part)
    if not isinstance(node, dict):
        return
    node.pop("default", None)
    if isinstance(node.get("title"), str):
        del node["title"]  # pydantic's own, in English; `title` as a key of ours is no text here
    if node.pop("x-one-or-several", False):
        items = node.pop("items")
        del node["type"]
        node["anyOf"] = [items, {"type": "array", "items": items}]
    for part in list(node.values()):
        _widened(part)


def reference() -> str:
    """docs/reference/config.md."""
    parts = [_INTRO, _RHYTHMS]
    for title, model in _sections():
        rows = [f"## `{title}`" if title else "## The top of the file", "", (model.__doc__ or "").strip(), ""]
        rows += ["| key | what it says | example | default |", "| --- | --- | --- | --- |"]
        for name, field in model.model_fields.items():
            if model is schema.ProductKeys and name in schema.RhythmKeys.model_fields:
                continue  # told once, above
            key = field.alias or name
            cells = (f"`{key}`", field.description or "", _example(field), _default(field))
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _sections() -> list[tuple[str, type[BaseModel]]]:
    """Every set of keys, once, in the order that a file meets them, by its path."""
    found: list[tuple[str, type[BaseModel]]] = []
    todo: list[tuple[tuple[str | int, ...], str]] = [((), "")]
    while todo:
        path, title = todo.pop(0)
        model = keys_at(path)
        if model is None or any(model is other for _, other in found):
            continue
        found.append((title, model))
        below: list[tuple[tuple[str | int, ...], str]] = []
        for name, field in model.model_fields.items():
            key = field.alias or name
            spelt = f"{title}.{key}" if title else key
            below += [((*path, key), spelt), ((*path, key, 0), f"{spelt}[]"), ((*path, key, "x"), f"{spelt}.<id>")]
        todo = below + todo
    return found


def _example(field: FieldInfo) -> str:
    return f"`{flow(field.examples[0])}`" if field.examples else ""


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if field.is_required():
        return "required"
    if value is None or isinstance(value, BaseModel) or (not value and value is not False):
        return ""
    return f"`{flow(list(value) if isinstance(value, tuple) else value)}`"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(reference(), encoding="utf-8")
