"""Rows to look at or to compute with: a table in Swedish, or JSON or CSV with English field names that do not change.

In JSON and CSV dates and times are ISO 8601. CSV follows RFC 4180 (comma, CRLF) in plain UTF-8: a byte order mark, as
Excel likes it, becomes part of the first field's name in most other programs. Excel reads the file by Data > Från text.
A text that a spreadsheet would take for a formula is written with an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal, TextIO

from governance.papers.swedish import clock, short_date

Format = Literal["table", "json", "csv"]

_BETWEEN = 3  # characters between two columns
_WIDE = 10_000  # columns: as wide as the rows need, where no terminal sets a limit
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of one (OWASP, CSV injection)
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), " ")


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the rows. `format` makes the table's text of a value that is not None."""

    field: str
    heading: str  # Swedish
    format: Callable[[Any], str] | None = None
    hide_in_table: bool = False
    only_in_table: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by field name; a field that a row lacks is None. `empty` is shown in place of a table without rows."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]
    title: str = ""
    empty: str = "Det finns inget att visa."


def render(table: Table, format: Format, stream: TextIO) -> None:  # noqa: A002  # as the option is called
    """Writes the rows to `stream`."""
    match format:
        case "json":
            _write_json(table, stream)
        case "csv":
            _write_csv(table, stream)
        case "table":
            _write_table(table, stream)


def _fields(table: Table) -> list[str]:
    return [column.field for column in table.columns if not column.only_in_table]


def _write_json(table: Table, stream: TextIO) -> None:
    rows = [{field: _plain(row.get(field)) for field in _fields(table)} for row in table.rows]
    stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


def _write_csv(table: Table, stream: TextIO) -> None:
    fields = _fields(table)
    writer = csv.writer(stream)
    writer.writerow(fields)
    writer.writerows([_flat(row.get(field)) for field in fields] for row in table.rows)


def _plain(value: object) -> object:
    """A value as JSON has it."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            return str(value)


def _flat(value: object) -> str:
    """A value as a CSV field: `true`, an empty field for None, lists with a comma between."""
    plain = _plain(value)
    if isinstance(plain, list):
        plain = ", ".join(map(str, plain))
    if isinstance(plain, str):
        return f"'{plain}" if plain.startswith(_FORMULA) else plain
    if isinstance(plain, bool | dict):
        return json.dumps(plain, ensure_ascii=False)
    return "" if plain is None else str(plain)


def _said(column: Column, value: object) -> str:
    """A value as the table says it."""
    text = "" if value is None else column.format(value) if column.format else _swedish(value)
    return text.translate(_CONTROL)


def _swedish(value: object) -> str:
    match value:
        case bool():
            return "ja" if value else "nej"
        case datetime():
            return f"{short_date(value.date())} kl. {clock(value.time())}"
        case date():
            return short_date(value)
        case time():
            return clock(value)
        case list() | tuple():
            return ", ".join(_swedish(each) for each in value)
        case _:
            return str(value)


def _write_table(table: Table, stream: TextIO) -> None:
    if not table.rows:
        stream.write(f"{table.empty}\n")
        return
    # rich takes longer to import than most verbs take to run.
    from rich.console import Console  # noqa: PLC0415

    columns = [column for column in table.columns if not column.hide_in_table]
    headings = [column.heading for column in columns]
    rows = [[_said(column, row.get(column.field)) for column in columns] for row in table.rows]
    if table.title:
        stream.write(f"{table.title}\n\n")
    if stream.isatty():
        screen = Console(file=stream)
        widths = _widths([headings, *rows], screen.width)
        if widths:
            screen.print(_grid(headings, rows, widths))
        else:
            _write_blocks(headings, rows, stream, screen.width)
        return
    # Elsewhere every row stands on one line, whole, so that it can be searched.
    lines = io.StringIO()
    Console(file=lines, width=_WIDE, color_system=None).print(_grid(headings, rows))
    stream.writelines(f"{line.rstrip(' ')}\n" for line in lines.getvalue().splitlines())


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] = ()) -> Any:
    from rich import box  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for nth, heading in enumerate(headings):
        grid.add_column(Text(heading), overflow="fold", width=widths[nth] if widths else None)
    for row in rows:
        grid.add_row(*map(Text, row))
    return grid


def _widths(rows: Sequence[Sequence[str]], screen: int) -> list[int]:
    """How wide each column is on a screen, so that no word breaks; nothing where they do not fit.

    What is left over the longest words goes first to the columns that lack least: dates stay on one line.
    """
    columns = list(zip(*rows, strict=True))
    wanted = [max(len(text) for text in texts) for texts in columns]
    widths = [max((len(word) for text in texts for word in text.split()), default=0) for texts in columns]
    left = screen - sum(widths) - _BETWEEN * (len(widths) - 1)
    if left < 0:
        return []
    for nth in sorted(range(len(widths)), key=lambda nth: wanted[nth] - widths[nth]):
        more = min(left, wanted[nth] - widths[nth])
        widths[nth] += more
        left -= more
    return widths


def _write_blocks(headings: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO, width: int) -> None:
    """Each row as lines of heading and value, for a screen too narrow for the table; what is empty is left out."""
    margin = max(map(len, headings)) + 2
    for row in rows:
        for heading, said in zip(headings, row, strict=True):
            lines = textwrap.wrap(said, max(width - margin, 8))
            stream.writelines(f"{'' if nth else heading:<{margin}}{line}\n" for nth, line in enumerate(lines))
        stream.write("\n")
