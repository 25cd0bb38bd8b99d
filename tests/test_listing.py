"""The listing verbs' three shapes, letter by letter."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import pytest

from governance.listing import Column, Format, Table, render

COLUMNS = (
    Column("body", "Organ"),
    Column("date", "Datum"),
    Column("start", "Tid"),
    Column("late", "Sent"),
    Column("owners", "Ansvariga"),
    Column("id", "Nummer", hide_in_table=True),
    Column("note", "Anmärkning", format=str.upper, only_in_table=True),
)
ROWS: tuple[Mapping[str, object], ...] = (
    {
        "body": "Operativa gruppen",
        "date": date(2027, 1, 12),
        "start": time(9, 0),
        "late": True,
        "owners": ["Åsa", "Örjan"],
        "id": 7,
        "note": "[bold]flyttat",
    },
    {"body": 'Rådet "A", B', "date": datetime(2027, 2, 10, 9, 30, tzinfo=UTC), "late": False},
)


def rendered(shape: Format, table: Table | None = None) -> str:
    stream = io.StringIO(newline="")
    render(table or Table(COLUMNS, ROWS), shape, stream)
    return stream.getvalue()


def test_table_says_dates_times_and_truth_in_swedish() -> None:
    assert rendered("table").replace("\u00a0", "_") == (
        "Organ               Datum                        Tid     Sent   Ansvariga    Anmärkning\n"
        "──────────────────────────────────────────────────────────────────────────────────────────\n"
        "Operativa gruppen   12_januari 2027              09.00   ja     Åsa, Örjan   [BOLD]FLYTTAT\n"
        'Rådet "A", B        10_februari 2027 kl. 09.30           nej\n'
    )


def test_json_has_english_fields_and_iso_dates() -> None:
    assert rendered("json") == (
        "[\n"
        "  {\n"
        '    "body": "Operativa gruppen",\n'
        '    "date": "2027-01-12",\n'
        '    "start": "09:00",\n'
        '    "late": true,\n'
        '    "owners": [\n'
        '      "Åsa",\n'
        '      "Örjan"\n'
        "    ],\n"
        '    "id": 7\n'
        "  },\n"
        "  {\n"
        '    "body": "Rådet \\"A\\", B",\n'
        '    "date": "2027-02-10T09:30:00+00:00",\n'
        '    "start": null,\n'
        '    "late": false,\n'
        '    "owners": null,\n'
        '    "id": null\n'
        "  }\n"
        "]\n"
    )


def test_csv_is_rfc_4180_in_plain_utf_8() -> None:
    assert rendered("csv") == (
        "body,date,start,late,owners,id\r\n"
        'Operativa gruppen,2027-01-12,09:00,true,"Åsa, Örjan",7\r\n'
        '"Rådet ""A"", B",2027-02-10T09:30:00+00:00,,false,,\r\n'
    )


def test_table_without_rows_says_so_and_json_and_csv_stay_machine_readable() -> None:
    empty = Table(COLUMNS, (), empty="Inga möten.")
    assert rendered("table", empty) == "Inga möten.\n"
    assert rendered("json", empty) == "[]\n"
    assert rendered("csv", empty) == "body,date,start,late,owners,id\r\n"


def test_table_outside_a_terminal_keeps_every_row_whole_on_one_line() -> None:
    long = "ord " * 100 + "slut"
    lines = rendered("table", Table((Column("text", "Text"),), ({"text": long},))).splitlines()
    assert lines == ["Text", "─" * len(long), long]


def test_table_lets_no_control_characters_out() -> None:
    table = Table((Column("text", "Text"),), ({"text": "a\x1b[31mb"},))
    assert rendered("table", table).splitlines()[2] == "a [31mb"


def test_listing_imports_rich_only_for_a_table() -> None:
    program = "import sys, governance.listing; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, env=os.environ).returncode == 0


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_table_too_wide_for_the_terminal_becomes_blocks_that_lose_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    rows = ({"a": "brottsförebyggandearbete", "b": "7"}, {"a": "två ord", "b": None})
    render(Table((Column("a", "Arbete"), Column("b", "B")), rows), "table", stream)
    assert stream.getvalue() == ("Arbete  brottsföreby\n        ggandearbete\nB       7\n\nArbete  två ord\n\n")


def test_table_in_a_terminal_folds_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "36")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    rows = ({"a": "Brottsförebyggande rådet", "b": "ett eller två ord"},)
    render(Table((Column("a", "Organ"), Column("b", "Skäl")), rows), "table", stream)
    assert [line.split() for line in stream.getvalue().splitlines()[2:]] == [
        ["Brottsförebyggande", "rådet", "ett", "eller"],
        ["två", "ord"],
    ]


def test_csv_holds_no_text_that_a_spreadsheet_takes_for_a_formula() -> None:
    texts = ("=1+1", "+46", "-2", "@SUM(A1)", "\t=1", "\r=1", "a=1", "")
    stream = io.StringIO(newline="")
    render(Table((Column("a", "A"),), [{"a": text} for text in texts] + [{"a": -2}, {"a": ["=1", "2"]}]), "csv", stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert [row[0] if row else "" for row in rows[1:]] == [
        *("'=1+1", "'+46", "'-2", "'@SUM(A1)", "'\t=1", "'\r=1", "a=1", ""),
        *("-2", "'=1, 2"),
    ]
