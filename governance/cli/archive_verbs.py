"""The verbs that only look: due, papers, actions, duties."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import NoResultFound

from governance.cli.arguments import UsageProblem, settings
from governance.cli.run_verbs import opened
from governance.cli.towns import for_towns, meant_body, meant_person
from governance.listing import Column, Table, render
from governance.model.body import Municipality
from governance.model.follow_up import DutyState
from governance.model.law import duty_states, has_gap
from governance.model.words import in_running_text
from governance.papers.swedish import clock, short_date
from governance.secretariat.actions import as_item
from governance.secretariat.figures import evidence_of
from governance.secretariat.ledger import Owed, ledger, waiting_on
from governance.secretariat.steps import occasion_name
from governance.store import minute_book, paper_shelf

_LONGEST_ID = 18  # figures: as many as a database holds; no shelf has so many papers

STEP_WORDS = {
    "invitation": "inbjudan",
    "status_request": "fråga om läget",
    "agenda": "dagordning",
    "situation": "veckolägesbild",
    "minutes": "anteckningar",
    "approval": "justering",
    "start": "arbetet börjar",
    "deadline": "frist",
    "record": "mötet antecknas",
    "approve": "protokollet justeras",
    "answer": "svar på fråga",
    "mail": "mejl som inte kom fram",
    "duty": "lagens frist",
}
STATE_WORDS = {"done": "gjort", "lapsed": "utgick", "late": "försenat", "due": "att göra", "coming": "kommer"}
ACTION_WORDS = {"not-started": "ej påbörjad", "in-progress": "pågår", "done": "klar", "dropped": "avförd"}
DUTY_WORDS = {
    "shown": "uppfyllt",
    "due": "ska göras",
    "late": "försenat",
    "not-shown": "underlag saknas",
    "always": "löpande",
}


def _step_words(kind: str) -> str:
    for stem, words in (
        ("status_reminder", "påminnelse om läget"),
        ("duty_reminder", "påminnelse om frist"),
        ("paper_", "uppföljningen tas fram"),
    ):
        if kind.startswith(stem):
            return words
    return STEP_WORDS.get(kind, kind)


def _moment_words(moment: datetime) -> str:
    return f"{short_date(moment.date())} kl. {clock(moment.time())}"


DUE_COLUMNS = [
    Column("municipality", "Kommun", hide_in_table=True),
    Column("body", "Organ", hide_in_table=True),
    Column("name", "Organ", only_in_table=True),
    Column("meeting", "Möte"),
    Column("kind", "Steg", _step_words),
    Column("due", "Senast", _moment_words),
    Column("state", "Läge", lambda state: STATE_WORDS[state]),
    Column("evidence", "Underlag"),
]

PAPER_COLUMNS = [
    Column("id", "Nummer"),
    Column("municipality", "Kommun", hide_in_table=True),
    Column("body", "Organ", hide_in_table=True),
    Column("meeting", "Möte", hide_in_table=True),
    Column("kind", "Slag", hide_in_table=True),
    Column("title", "Handling"),
    Column("version", "Version"),
    Column("made", "Gjord", _moment_words),
    Column("sha256", "Kontrollsumma", lambda sha: sha[:12]),
]

ACTION_COLUMNS = [
    Column("municipality", "Kommun", hide_in_table=True),
    Column("number", "Nummer"),
    Column("text", "Åtgärd"),
    Column("owner", "Ansvarig", hide_in_table=True),
    Column("owner_name", "Ansvarig", only_in_table=True),
    Column("due", "Klart senast", short_date),
    Column("status", "Läge", lambda status: ACTION_WORDS[status]),
    Column("late", "Försenad", lambda late: "ja" if late else ""),
    Column("body", "Organ", hide_in_table=True),
    Column("body_name", "Organ", only_in_table=True),
    Column("origin", "Från", short_date),
    Column("age", "Ålder i möten"),
    Column("comment", "Kommentar", hide_in_table=True),
]

DUTY_COLUMNS = [
    Column("municipality", "Kommun", hide_in_table=True),
    Column("section", "Lagrum"),
    Column("text", "Krav"),
    Column("area", "Område"),
    Column("carrier", "Ansvarig", lambda carrier: carrier or "ingen"),
    Column("evidence", "Underlag"),
    Column("last_done", "Senast gjort", short_date),
    Column("next_due", "Nästa frist", short_date),
    Column("state", "Läge", lambda state: DUTY_WORDS[state]),
]


def due(arguments: Namespace) -> int:
    """The owed-ledger: what is due, late, coming, done."""
    with opened(settings(arguments)) as office:
        towns = office.municipalities
        bodies = meant_body(towns, arguments.body, editions=True) if arguments.body else None
        persons = meant_person(towns, arguments.person) if arguments.person else set()
        rows: list[dict[str, object]] = []
        for town in towns:
            waiting = [waiting_on(office, town, person) for person in persons]
            asked = set().union(*waiting) if arguments.person else None
            rows += [
                _due_row(each, _due_name(town, each))
                for each in ledger(office, town)
                if (bodies is None or each.body in bodies)
                and (not arguments.late or each.state in {"late", "due"})
                and (asked is None or ((each.body, each.meeting) in asked and each.kind == "status_request"))
            ]
    render(Table(for_towns(DUE_COLUMNS, towns), rows, empty="Inget att visa."), arguments.format, sys.stdout)
    return 0


def _due_name(town: Municipality, each: Owed) -> str:
    name = occasion_name(town, each.body)
    if each.kind.startswith("paper_"):
        return f"{name} till {in_running_text(town.body_name(each.kind.removeprefix('paper_')))}"
    return name


def _due_row(each: Owed, name: str) -> dict[str, object]:
    return {
        "municipality": each.municipality,
        "body": each.body,
        "name": name,
        "meeting": each.meeting,
        "kind": each.kind,
        "due": each.due,
        "state": each.state,
        "evidence": each.evidence,
    }


def papers(arguments: Namespace) -> int:
    """Every paper made, with its hash; `open` writes one out."""
    if arguments.action == "open":
        return _open_paper(arguments)
    with opened(settings(arguments)) as office, office.archive.read() as session:
        rows = [
            {
                "id": paper.id,
                "municipality": town.id,
                "body": occasion.key,
                "meeting": occasion.slot,
                "kind": paper.kind,
                "version": paper.version,
                "title": paper.title,
                "made": paper.made.astimezone(town.timezone),
                "sha256": paper.sha256,
            }
            for town in office.municipalities
            for paper, occasion in paper_shelf.papers(session, town.id)
        ]
        columns = for_towns(PAPER_COLUMNS, office.municipalities)
    render(Table(columns, rows, empty="Inga handlingar är gjorda än."), arguments.format, sys.stdout)
    return 0


def _open_paper(arguments: Namespace) -> int:
    target: Path | None = arguments.to
    if target is not None and target.suffix.lower() not in {".docx", ".html"} and not target.is_dir():
        raise UsageProblem(f"{target}: handlingen finns som .docx och .html; låt filens namn sluta på det ena")
    with opened(settings(arguments)) as office, office.archive.read() as session:
        try:
            paper = paper_shelf.paper(session, int(arguments.id[:_LONGEST_ID]))
        except (NoResultFound, ValueError) as problem:
            raise UsageProblem(f"handlingen {arguments.id} finns inte; kadens papers visar dem som finns") from problem
        name, docx, html = f"{paper.name.rpartition('/')[2]}.docx", paper.docx, paper.html.encode()
    if target is None and not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(docx)
        return 0
    if target is None or target.is_dir():
        target = (target or Path()) / name
        if target.exists() and target.read_bytes() != docx:  # somebody may have written in it
            raise UsageProblem(f"{target} finns redan med annat innehåll; välj ett annat namn med --to")
    target.write_bytes(html if target.suffix.lower() == ".html" else docx)
    print(target, file=sys.stderr)
    return 0


def actions(arguments: Namespace) -> int:
    """The action list across bodies."""
    rows: list[dict[str, object]] = []
    with opened(settings(arguments)) as office, office.archive.read() as session:
        towns = office.municipalities
        bodies = meant_body(towns, arguments.body) if arguments.body else None
        owners = meant_person(towns, arguments.owner) if arguments.owner else None
        for town in towns:
            for row in minute_book.actions(session, town.id):
                if bodies is not None and row.body not in bodies:
                    continue
                if owners is not None and row.owner not in owners:
                    continue
                if not arguments.all and row.status in minute_book.CLOSED:
                    continue
                item = as_item(session, town, row, office.today)
                rows.append(
                    {
                        "municipality": town.id,
                        "number": item.number,
                        "text": item.text,
                        "owner": row.owner,
                        "owner_name": item.owner,
                        "due": item.due,
                        "status": item.status,
                        "late": item.late,
                        "body": row.body,
                        "body_name": item.body,
                        "origin": item.origin_date,
                        "age": item.age,
                        "comment": item.comment,
                    }
                )
    render(Table(for_towns(ACTION_COLUMNS, towns), rows, empty="Inga åtgärder."), arguments.format, sys.stdout)
    return 0


def duties(arguments: Namespace) -> int:
    """The law's sections; 1 where one has no carrier or is late."""
    rows: list[dict[str, object]] = []
    gap = False
    with opened(settings(arguments)) as office, office.archive.read() as session:
        for town in office.municipalities:
            for state in duty_states(town, evidence_of(session, town), office.today):
                rows.append(_duty_row(town.id, state))
                gap = gap or has_gap(state)
        columns = for_towns(DUTY_COLUMNS, office.municipalities)
    render(Table(columns, rows), arguments.format, sys.stdout)
    return 1 if gap else 0


def _duty_row(municipality: str, state: DutyState) -> dict[str, object]:
    return {
        "municipality": municipality,
        "section": state.section,
        "text": state.text,
        "area": state.area,
        "carrier": state.carrier,
        "evidence": state.evidence,
        "last_done": state.last_done,
        "next_due": state.next_due,
        "state": state.state,
    }
