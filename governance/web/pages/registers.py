"""The registers across bodies: actions, decisions, and words in the minutes; each also as CSV and JSON."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast, get_args
from urllib.parse import urlencode

from starlette.responses import Response

from governance.listing import Column, Format, Table, render
from governance.model.action import ActionStatus
from governance.secretariat import registers
from governance.secretariat.audit import Doer
from governance.secretariat.registers import ActionChange, ActionChoice, ActionLine, DecisionChoice, DecisionEntry
from governance.secretariat.searching import Hit, Sight, search, words_of
from governance.web.page import Page
from governance.web.visit import Form, Refused, Visit

A_PAGE = 100  # rows
LOST = "Sidan finns inte, eller så har du inte rätt att se den."

ACTION_FIELDS = (
    *("number", "text", "owner", "owner_name", "due", "status", "late"),
    *("body", "body_name", "origin", "age", "comment", "closed"),
)
DECISION_FIELDS = ("number", "title", "text", "body", "body_name", "decided", "referred_to", "answer", "answered")


def sight_of(visit: Visit) -> Sight:
    """What the visitor may see in this municipality."""
    bodies = visit.bodies
    inside = frozenset(each for each in bodies if visit.may("live", body=visit.here.bodies[each]))
    return Sight(visit.me.id, bodies, inside)


# --- what was asked for ----------------------------------------------------------------------------------------


def _one_of(query: Form, name: str, allowed: Sequence[str], usual: str) -> str:
    """A choice from a list; what is none of them is taken as the usual one."""
    found = query.text(name)
    return found if found in allowed else usual


def _asked_body(visit: Visit) -> str:
    """The body of the filter. Raises Refused (404) for one that the visitor may not see."""
    body = visit.query.text("organ")
    if body and body not in visit.bodies:
        raise Refused(404, LOST)
    return body


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a long list the visitor is, and the addresses around it."""

    path: str
    asked: Mapping[str, str]  # the filters that are set
    number: int
    pages: int
    total: int

    def link(self, **changed: object) -> str:
        """The address with some of what was asked changed; "" takes a part away."""
        asked = {**self.asked, **{key: str(value) for key, value in changed.items()}}
        kept = {key: value for key, value in asked.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def export(self, ending: str) -> str:
        """The address of the same rows as a file."""
        kept = {key: value for key, value in self.asked.items() if value and key != "sida"}
        return f"{self.path}.{ending}" + (f"?{urlencode(kept)}" if kept else "")


_Row = TypeVar("_Row")


def _paged(visit: Visit, path: str, rows: Sequence[_Row], names: Sequence[str]) -> tuple[Paging, Sequence[_Row]]:
    pages = max(1, -(-len(rows) // A_PAGE))
    number = min(max(visit.query.number("sida") or 1, 1), pages)
    asked = {name: visit.query.text(name) for name in names}
    return Paging(path, asked, number, pages, len(rows)), rows[(number - 1) * A_PAGE : number * A_PAGE]


def _as_file(visit: Visit, name: str, form: Format, fields: Sequence[str], rows: Sequence[dict[str, Any]]) -> Response:
    written = io.StringIO(newline="")
    render(Table([Column(field, field) for field in fields], rows), form, written)
    media = {"csv": "text/csv; charset=utf-8", "json": "application/json"}[form]
    return visit.file(written.getvalue().encode(), f"{visit.here.id}-{name}.{form}", media)


# --- actions ---------------------------------------------------------------------------------------------------


def _action_choice(visit: Visit) -> ActionChoice:
    query = visit.query
    order = query.text("ordning")
    return ActionChoice(
        body=_asked_body(visit),
        owner=query.text("ansvarig"),
        state=cast("registers.Chosen", _one_of(query, "visa", get_args(registers.Chosen), "oppna")),
        text=query.text("q"),
        year=query.number("ar"),
        order=cast("registers.Order", order.lstrip("-") if order.lstrip("-") in get_args(registers.Order) else "tid"),
        backwards=order.startswith("-"),
    )


def actions(visit: Visit) -> Response:
    """The actions of the visitor's bodies, late first."""
    choice = _action_choice(visit)
    lines = registers.action_lines(visit.session, visit.here, sight_of(visit), visit.today)
    found = registers.chosen_actions(lines, choice)
    names = ("organ", "ansvarig", "visa", "ar", "q", "ordning")
    paging, shown = _paged(visit, visit.path("atgarder"), found, names)
    return visit.page(
        "actions.html.j2",
        choice=choice,
        paging=paging,
        lines=shown,
        late=sum(each.late for each in found),
        owners=registers.owners_of(lines),
        years=sorted({each.made.year for each in lines}, reverse=True),
        in_meetings=registers.in_meetings,
        own=sum(each.open and each.owner_id == visit.me.id for each in lines),
    )


def _action_row(line: ActionLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "text": line.text,
        "owner": line.owner_id,
        "owner_name": line.owner,
        "due": line.due,
        "status": line.status,
        "late": line.late,
        "body": line.body_id,
        "body_name": line.body,
        "origin": line.made,
        "age": line.age,
        "comment": line.comment,
        "closed": line.closed,
    }


def _action_file(visit: Visit, form: Format) -> Response:
    lines = registers.action_lines(visit.session, visit.here, sight_of(visit), visit.today)
    rows = [_action_row(line) for line in registers.chosen_actions(lines, _action_choice(visit))]
    return _as_file(visit, "atgarder", form, ACTION_FIELDS, rows)


def actions_csv(visit: Visit) -> Response:
    """The actions asked for, as CSV."""
    return _action_file(visit, "csv")


def actions_json(visit: Visit) -> Response:
    """The actions asked for, as JSON."""
    return _action_file(visit, "json")


def _found(visit: Visit) -> registers.ActionPage:
    number = visit.request.path_params["number"]
    found = registers.action_page(visit.session, visit.here, sight_of(visit), number, visit.today)
    if found is None:
        raise Refused(404, LOST)
    return found


def _may_change(visit: Visit, line: ActionLine) -> bool:
    """One's own, by the right of any body; others' as the secretary or chair of the action's body."""
    if line.owner_id == visit.me.id:
        return any(visit.may("own", "S", body) for body in visit.here.bodies.values())
    body = visit.here.bodies.get(line.body_id)
    return body is not None and visit.may("others", "S", body)


def _doer(visit: Visit, line: ActionLine) -> Doer:
    """The visitor as the log names them, in the action's body."""
    body = visit.here.bodies.get(line.body_id)
    roles = sorted(visit.roles(body)) if body else []
    return replace(visit.doer, body=line.body_id, role=",".join(roles)[:20])


def action(visit: Visit) -> Response:
    """One action with its past, and the form to change it for those who may."""
    found = _found(visit)
    return _action_drawn(visit, found, [])


def _action_drawn(
    visit: Visit, found: registers.ActionPage, problems: Sequence[tuple[str, str]], status: int = 200
) -> Response:
    typed = visit.form if problems else Form()
    return visit.page(
        "actions_one.html.j2",
        status=status,
        line=found.line,
        past=found.past,
        may_change=_may_change(visit, found.line),
        statuses=registers.STATUS_WORDS,
        problems=problems,
        typed=typed,
        in_meetings=registers.in_meetings,
        longest=registers.LONGEST_COMMENT,
    )


_FIELDS = {"status": "lage", "due": "klart", "comment": "kommentar"}


def change_action(visit: Visit) -> Response:
    """Keeps what the visitor says of an action."""
    found = _found(visit)
    if not _may_change(visit, found.line):
        raise Refused(403, "Din roll ger inte rätt att se eller ändra det här.")
    form = visit.form
    status = form.text("lage")
    try:
        due = form.day("klart")
        # Only what was changed on the form counts: what others said meanwhile stays.
        change = ActionChange(
            status=cast("ActionStatus", status) if status and status != form.text("lage-fore") else None,
            due=due if due and due.isoformat() != form.text("klart-fore") else None,
            comment=form.text("kommentar"),
        )
        registers.change_action(visit.office, visit.here, _doer(visit, found.line), found.line.number, change)
    except registers.Unfit as problem:
        return _action_drawn(visit, found, [(_FIELDS[problem.part], str(problem))], status=422)
    except ValueError as problem:
        return _action_drawn(visit, found, [("klart", str(problem))], status=422)
    return visit.go(visit.path("atgarder", found.line.number), "sparat")


# --- decisions -------------------------------------------------------------------------------------------------


def _decision_choice(visit: Visit) -> DecisionChoice:
    query = visit.query
    return DecisionChoice(
        body=_asked_body(visit),
        year=query.number("ar"),
        text=query.text("q"),
        shown=cast("registers.Shown", _one_of(query, "visa", get_args(registers.Shown), "alla")),
        oldest_first=query.text("ordning") == "aldst",
    )


def decisions(visit: Visit) -> Response:
    """The decisions of the visitor's bodies, the newest first."""
    choice = _decision_choice(visit)
    entries = registers.decision_entries(visit.session, visit.here, sight_of(visit))
    found = registers.chosen_decisions(entries, choice)
    paging, shown = _paged(visit, visit.path("beslut"), found, ("organ", "visa", "ar", "q", "ordning"))
    return visit.page(
        "decisions.html.j2",
        choice=choice,
        paging=paging,
        entries=shown,
        waiting=sum(each.waits for each in found),
        years=sorted({each.decided.year for each in entries}, reverse=True),
    )


def _decision_row(entry: DecisionEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "title": entry.title,
        "text": entry.text,
        "body": entry.body_id,
        "body_name": entry.body,
        "decided": entry.decided,
        "referred_to": entry.referred_to,
        "answer": entry.answer,
        "answered": entry.answered,
    }


def _decision_file(visit: Visit, form: Format) -> Response:
    entries = registers.decision_entries(visit.session, visit.here, sight_of(visit))
    rows = [_decision_row(entry) for entry in registers.chosen_decisions(entries, _decision_choice(visit))]
    return _as_file(visit, "beslut", form, DECISION_FIELDS, rows)


def decisions_csv(visit: Visit) -> Response:
    """The decisions asked for, as CSV."""
    return _decision_file(visit, "csv")


def decisions_json(visit: Visit) -> Response:
    """The decisions asked for, as JSON."""
    return _decision_file(visit, "json")


# --- search ----------------------------------------------------------------------------------------------------


def find(visit: Visit) -> Response:
    """Words in the minutes of the visitor's bodies."""
    asked = visit.query.text("q")
    words = words_of(asked)
    body = _asked_body(visit)
    hits: list[Hit] = []
    more = False
    if words:
        hits, more = search(visit.session, visit.here, sight_of(visit), words, body)
    return visit.page("search.html.j2", asked=asked, words=words, body=body, hits=hits, more=more)


PAGES: tuple[Page, ...] = (
    Page("GET", "/{town}/atgarder", actions, right="papers"),
    Page("GET", "/{town}/atgarder.csv", actions_csv, right="papers"),
    Page("GET", "/{town}/atgarder.json", actions_json, right="papers"),
    Page("GET", "/{town}/atgarder/{number}", action, right="papers"),
    Page("POST", "/{town}/atgarder/{number}", change_action, right="own", level="S", largest=50_000),
    Page("GET", "/{town}/beslut", decisions, right="papers"),
    Page("GET", "/{town}/beslut.csv", decisions_csv, right="papers"),
    Page("GET", "/{town}/beslut.json", decisions_json, right="papers"),
    Page("GET", "/{town}/sok", find, right="papers"),
)
