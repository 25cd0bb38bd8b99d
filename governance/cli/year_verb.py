"""`kadens year`: the year's meetings and papers, as a list, as a calendar or as a wheel."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from governance.cli.arguments import settings
from governance.cli.config_verbs import usable
from governance.cli.towns import for_towns
from governance.cli.year_wheel import picture
from governance.listing import Column, Table, render
from governance.model.body import Municipality
from governance.model.placement import place_all, place_products
from governance.model.year import YearRow, year_counts, year_rows
from governance.papers import ics
from governance.papers.swedish import clock, long_date, moved_sentence, sentence

_Rows = Sequence[tuple[Municipality, YearRow]]


def year(arguments: Namespace) -> int:
    """Shows every body's occurrences that land in the year, those skipped and cancelled with their reason."""
    chosen = settings(arguments)
    wanted = arguments.year or chosen.today.year
    municipalities = usable(chosen.config)
    if arguments.format == "svg":
        return _write_wheel(municipalities, wanted, chosen.today)
    rows = [(municipality, row) for municipality in municipalities for row in year_rows(municipality, wanted)]
    rows.sort(key=lambda each: (each[1].date, each[1].occurrence.start))
    if arguments.format == "ics":
        _write_calendar(rows, f"Möten {wanted}", chosen.now)
        return 0
    several = len(municipalities) > 1
    title = f"Möten {wanted}" if arguments.format == "table" else ""
    listed = [_fields(municipality, row) for municipality, row in rows]
    table = Table(for_towns(year_columns(several), municipalities), listed, title, empty=f"Inga möten {wanted}.")
    render(table, arguments.format, sys.stdout)
    if arguments.format == "table":
        for municipality in municipalities:
            _write_papers(municipality, wanted, several)
            for line in _shortfalls(municipality, [row for owner, row in rows if owner is municipality], wanted):
                print(line)
    return 0


def _write_wheel(municipalities: Sequence[Municipality], wanted: int, today: date) -> int:
    """One municipality's year as a wheel; 2 where the config holds several."""
    if len(municipalities) > 1:
        print("kadens: årshjulet visar en kommun i taget; ange dess fil med --config", file=sys.stderr)
        return 2
    print(picture(municipalities[0], wanted, today))
    return 0


def year_columns(several: bool) -> tuple[Column, ...]:
    """The fields of a row; the municipality is shown where there are several."""
    return (
        Column("municipality", "Kommun", hide_in_table=not several),
        Column("body", "Organ", hide_in_table=True),
        Column("slot", "Planerat datum", hide_in_table=True),
        Column("date", "Datum", long_date),
        Column("start", "Från", clock),
        Column("end", "Till", clock),
        Column("week", "Vecka"),
        Column("name", "Organ", only_in_table=True),
        Column("status", "Läge", hide_in_table=True),
        Column("moved_from", "Flyttat från", hide_in_table=True),
        Column("reason", "Orsak", hide_in_table=True),
        Column("note", "Anmärkning", only_in_table=True),
    )


def _fields(municipality: Municipality, row: YearRow) -> dict[str, object]:
    occurrence = row.occurrence
    return {
        "municipality": municipality.id,
        "body": row.body,
        "slot": occurrence.slot,
        "date": occurrence.date,
        "start": occurrence.start,
        "end": occurrence.end,
        "week": occurrence.date.isocalendar().week,
        "status": occurrence.status,
        "moved_from": occurrence.moved_from,
        "reason": occurrence.reason,
        "name": row.name,
        "note": _note(row),
    }


def _note(row: YearRow) -> str:
    occurrence = row.occurrence
    parts = [occurrence.problem]
    if occurrence.moved_from:
        parts.insert(0, moved_sentence(occurrence.moved_from, occurrence.reason))
    elif occurrence.status == "cancelled":
        parts.insert(0, f"Inställt: {occurrence.reason}")
    elif occurrence.status == "skipped":
        parts.insert(0, f"Hålls inte: {occurrence.reason}")
    elif occurrence.reason:
        parts.insert(0, sentence(occurrence.reason))
    return " ".join(part for part in parts if part)


def _write_papers(municipality: Municipality, wanted: int, several: bool) -> None:
    """The papers with a rhythm of their own, under the meetings."""
    first, last = date(wanted - 1, 1, 1), date(wanted + 1, 12, 31)  # what is moved across New Year is found too
    due = place_products(municipality, first, last, place_all(municipality, first, last))
    rows = [
        {
            "date": occurrence.date,
            "title": municipality.products[key].title,
            "prepared_by": municipality.body_name(municipality.products[key].prepared_by),
            "to": [municipality.body_name(body) for body in municipality.products[key].to],
        }
        for key, found in due.items()
        for occurrence in found
        if occurrence.status == "planned" and occurrence.date.year == wanted
    ]
    if not rows:
        return
    rows.sort(key=lambda row: str(row["date"]))
    columns = (
        Column("date", "Datum", long_date),
        Column("title", "Handling"),
        Column("prepared_by", "Tas fram av"),
        Column("to", "Till"),
    )
    print()
    render(
        Table(columns, rows, f"Handlingar {wanted}{f', {municipality.name}' if several else ''}"), "table", sys.stdout
    )


def _shortfalls(municipality: Municipality, rows: Sequence[YearRow], wanted: int) -> Iterator[str]:
    """Counts are promises: where the plan holds fewer meetings than the rhythm says, that is told."""
    for body, counted in year_counts(municipality, rows, wanted).items():
        if counted.short:
            name = municipality.body_name(body)
            yield f"\n{name}: {counted.planned} av {counted.promised} möten ryms i planen; se orsakerna ovan."


def _write_calendar(rows: _Rows, name: str, now: datetime) -> None:
    """All meetings that are planned or cancelled, to open in a calendar."""
    several = len({municipality.id for municipality, _ in rows}) > 1
    meetings = [
        _calendar_meeting(municipality, row, now, several)
        for municipality, row in rows
        if row.occurrence.status != "skipped"
    ]
    sys.stdout.flush()
    sys.stdout.buffer.write(ics.publish(meetings, name))
    sys.stdout.buffer.flush()


def _calendar_meeting(municipality: Municipality, row: YearRow, now: datetime, several: bool) -> ics.CalendarMeeting:
    occurrence, zone = row.occurrence, ZoneInfo(ics.ZONE)
    starts, ends = (
        datetime.combine(occurrence.date, at, municipality.timezone).astimezone(zone)
        for at in (occurrence.start, occurrence.end)
    )
    contact = municipality.contact
    return ics.CalendarMeeting(
        # No database has been asked, so these are not the entries that invitations write to.
        uid=ics.meeting_uid(row.body, occurrence.slot, "year", municipality.id, contact.email.rpartition("@")[2]),
        sequence=0,
        stamp=now.astimezone(UTC),
        starts=starts,
        ends=ends,
        summary=f"{row.name}, {municipality.name}" if several else row.name,
        description=_note(row),
        location=municipality.bodies[row.body].place,
        organizer_name=contact.name,
        organizer_email=contact.email,
        cancelled=occurrence.status == "cancelled",
    )
