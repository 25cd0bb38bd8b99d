"""The verbs that only look: due, papers, actions, duties."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import NoResultFound

from governance.cli.arguments import UsageProblem, settings
from governance.cli.run_verbs import opened
from governance.listing import Column, Table, render
from governance.model.body import Municipality
from governance.model.follow_up import DutyState
from governance.model.law import duty_states, has_gap
from governance.papers.swedish import clock, short_date
from governance.secretariat.actions import as_item
from governance.secretariat.figures import evidence_of
from governance.secretariat.ledger import Owed, ledger, waiting_on
from governance.store import minute_book, paper_shelf

STEP_WORDS = {
    "invitation": "inbjudan",
    "status_request": "fråga om läget",
    "agenda": "dagordning",
    "situation": "veckolägesbild",
    "minutes": "anteckningar",
    "approval": "justering",
    "start": "arbetet börjar",
    "deadline": "frist",
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
        ("paper_", "uppföljning till "),
    ):
        if kind.startswith(stem):
            return words + (kind.removeprefix(stem) if stem == "paper_" else "")
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
        rows: list[dict[str, object]] = []
        for town in office.municipalities:
            if arguments.body and arguments.body not in town.bodies:
                continue
            waiting = waiting_on(office, town, arguments.person) if arguments.person else None
            name = town.body_name
            rows += [
                _due_row(each, name(each.body)) for each in ledger(office, town) if _shown(each, arguments, waiting)
            ]
        _refuse_unknown(arguments.body, office.municipalities, "organet")
    render(Table(DUE_COLUMNS, rows, empty="Inget att visa."), arguments.format, sys.stdout)
    return 0


def _shown(each: Owed, arguments: Namespace, waiting: set[tuple[str, str]] | None) -> bool:
    if arguments.body and each.body != arguments.body:
        return False
    if arguments.late and each.state not in {"late", "due"}:
        return False
    if waiting is not None:
        return (each.body, each.meeting) in waiting and each.kind == "status_request"
    return True


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


def _refuse_unknown(body: str | None, towns: Sequence[Municipality], what: str) -> None:
    if body and not any(body in town.bodies for town in towns):
        raise UsageProblem(f"{what} {body} finns inte i konfigurationen; kadens explain visar dem som finns")


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
    render(Table(PAPER_COLUMNS, rows, empty="Inga handlingar är gjorda än."), arguments.format, sys.stdout)
    return 0


def _open_paper(arguments: Namespace) -> int:
    with opened(settings(arguments)) as office, office.archive.read() as session:
        try:
            paper = paper_shelf.paper(session, int(arguments.id))
        except (NoResultFound, ValueError) as problem:
            raise UsageProblem(f"handlingen {arguments.id} finns inte; kadens papers visar dem som finns") from problem
        target: Path | None = arguments.to
        if target is None and sys.stdout.isatty():
            target = Path(f"{paper.name.rpartition('/')[2]}.docx")
        if target is None:
            sys.stdout.buffer.write(paper.docx)
            return 0
        target.write_bytes(paper.html.encode() if target.suffix == ".html" else paper.docx)
        print(target, file=sys.stderr)
    return 0


def actions(arguments: Namespace) -> int:
    """The action list across bodies."""
    rows: list[dict[str, object]] = []
    with opened(settings(arguments)) as office, office.archive.read() as session:
        _refuse_unknown(arguments.body, office.municipalities, "organet")
        for town in office.municipalities:
            for row in minute_book.actions(session, town.id):
                if arguments.body and row.body != arguments.body:
                    continue
                if arguments.owner and row.owner != arguments.owner:
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
    render(Table(ACTION_COLUMNS, rows, empty="Inga åtgärder."), arguments.format, sys.stdout)
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
    render(Table(DUTY_COLUMNS, rows), arguments.format, sys.stdout)
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
