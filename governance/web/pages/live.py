"""Writing the minutes while the meeting runs: item by item, saved as one writes, and closing the meeting."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from governance.model.live import (
    ActionLine,
    as_parts,
    field_kind,
    parts_of,
    phrases,
    short_name,
)
from governance.model.personal_number import personal_numbers
from governance.papers.labels import KINDS, role
from governance.papers.swedish import clock, long_date
from governance.secretariat import adjourn as adjourning
from governance.secretariat import live
from governance.secretariat.live import Answer, Sheet
from governance.secretariat.live_fields import Conflict, body_names
from governance.secretariat.minutes import document_name
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

STATES = {"untouched": "obehandlat", "under-way": "pågår", "done": "klart"}
PRESENCES = {"present": "Närvarande", "excused": "Förhinder", "absent": "Frånvarande"}
TOGGLES = PRESENCES | {"present": "Här"}  # all three stand beside each other on a phone
STATUSES = {"not-started": "Ej påbörjad", "in-progress": "Pågår", "done": "Klar", "dropped": "Avförd"}
SENT = 600_000  # bytes: a field of the longest kind in UTF-8


def _inside(visit: Visit) -> bool:
    """Whether the visitor was called, or keeps the minutes: only they see secret items."""
    return bool(visit.roles() - {"admin", "reader"})


def _sheet(visit: Visit) -> Sheet:
    return live.sheet_of(visit.session, visit.here, visit.occasion, visit.now, _inside(visit))


def _base(visit: Visit, *parts: object) -> str:
    return visit.meeting_path("anteckna", *parts)


def _context(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    body, meeting = visit.organ, visit.occasion
    people = {person.id: person.name for person in visit.here.people.values()}
    return {
        "sheet": sheet,
        "base": _base(visit),
        "heading": "Skriv anteckningar" if body.formality == "informal" else "Skriv protokoll",
        "document": document_name(body.formality),
        "formal": body.formality != "informal",
        "phrases": phrases(body),
        "short": short_name(body),
        "bodies": body_names(visit.here, meeting),
        "people": sorted(people.items(), key=lambda each: each[1]),
        "members": [row for row in sheet.attendance if row.votes],
        "states": STATES,
        "toggles": TOGGLES,
        "statuses": STATUSES,
        "kinds": KINDS,
        "role": role,
        "parts_of": parts_of,
        "chips": {item: [_chip(visit, line) for line in lines] for item, lines in sheet.parsed.items()},
        "time": clock(visit.now.time()),
    }


def write(visit: Visit) -> Response:
    """The sheet: to write in, or to read for those who may not."""
    if visit.occasion.status in {"cancelled", "not-held"}:
        raise Refused(404, "Mötet blev inte av, så det finns inga anteckningar.")
    sheet = _sheet(visit)
    writable = visit.may("live", "S") and sheet.approved_on is None
    context = _context(visit, sheet)
    if not sheet.items or (sheet.recorded and not sheet.fields):
        may_open = sheet.recorded or live.may_open(visit.here, visit.occasion, visit.office.now)
        return visit.page("live_open.html.j2", writable=writable, may_open=may_open, **context)
    return visit.page("live.html.j2" if writable else "live_read.html.j2", **context)


def begin(visit: Visit) -> Response:
    """Opens the agenda where none was made, and brings in what is recorded already."""
    live.open_sheet(visit.office, visit.here, visit.occasion, visit.doer)
    return visit.go(_base(visit))


def add_item(visit: Visit) -> Response:
    """Adds an item that came up at the meeting."""
    try:
        item = live.add_item(visit.office, visit.here, visit.occasion, visit.form.text("title"), visit.doer)
    except ValueError as problem:
        context = _context(visit, _sheet(visit))
        return visit.page("live.html.j2", 422, problems=[("new-item", str(problem))], **context)
    return visit.go(f"{_base(visit)}#arende-{item}")


# --- one field at a time: what the script asks -------------------------------------------------------------------


def put(visit: Visit) -> Response:
    """Saves one field; 412 with what stands there where somebody else has written since."""
    name = visit.request.path_params["name"]
    version = visit.request.headers.get("if-match", "").strip('" ')
    if not version.isdigit() or len(version) > 9:
        raise Refused(428, "Versionen saknas.")
    try:
        text = visit.raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise Refused(400, "Texten går inte att läsa.") from error
    answer = _save(visit, name, int(version), text)
    if isinstance(answer.result, Conflict):
        found = answer.result
        return visit.json(
            {
                "version": found.version,
                "text": found.text,
                "by": visit.here.person_name(found.person),
                "words": in_words(visit, found.name, found.text),
            },
            412,
        )
    return visit.json(
        {
            "version": answer.result.version,
            "at": clock(visit.now.time()),
            "also": {each.name: {"version": each.version, "text": each.text} for each in answer.also},
            "quorum": answer.quorum,
            "actions": [_chip(visit, line) for line in answer.actions],
            "problems": list(answer.problems),
            "warning": _warning(text, visit),
        }
    )


def _save(visit: Visit, name: str, version: int, text: str, *, whole_form: bool = False) -> Answer:
    if "\x00" in text:
        raise Refused(400, "Texten går inte att läsa.")
    try:
        return live.save_field(
            visit.office,
            visit.here,
            visit.occasion,
            name,
            version,
            text,
            visit.me.id,
            inside=_inside(visit),
            whole_form=whole_form,
        )
    except LookupError as error:
        raise Refused(404, LOST) from error


def _warning(text: str, visit: Visit) -> str:
    found = personal_numbers(text, visit.today)
    return f"Det här ser ut som ett personnummer: {', '.join(found)}. Ta bort det om det inte behövs." if found else ""


def _chip(visit: Visit, line: ActionLine) -> dict[str, Any]:
    """An action as the page shows it under the line it was written on."""
    return {
        "who": visit.here.person_name(line.owner) if line.owner else "",
        "when": long_date(line.due) if line.due else "",
        "what": line.text,
        "mention": line.mention,
        "candidates": [{"id": each, "name": visit.here.person_name(each)} for each in line.candidates],
        "problem": line.problem,
        "note": line.note,
    }


def get_field(visit: Visit) -> Response:
    """One field as it stands."""
    name = visit.request.path_params["name"]
    sheet = _sheet(visit)
    if not live.has_field(sheet, name):
        raise Refused(404, LOST)
    found = sheet.fields.get(name, live.Field(name))
    at = clock(found.at.astimezone(visit.here.timezone).time()) if found.at else ""
    return visit.json({"version": found.version, "text": found.text, "by": found.person, "at": at})


def state(visit: Visit) -> Response:
    """Which version each field is in and who wrote it, so that others' pages see it."""
    sheet = _sheet(visit)
    now = visit.office.now
    return visit.json(
        {
            "fields": {
                name: [each.version, each.person, int((now - each.at).total_seconds()) if each.at else 0]
                for name, each in sheet.fields.items()
            },
            "quorum": sheet.quorum.words(),
            "items": [[item.id, item.state] for item in sheet.items],
            "closed": sheet.approved_on is not None,
        }
    )


# --- without the script: a part of the sheet as a form -----------------------------------------------------------


def save(visit: Visit) -> Response:
    """Saves what a form holds; fields that others have written in since are shown with both texts."""
    conflicts: list[Conflict] = []
    for key, version in visit.form.fields:
        if not key.startswith("v|"):
            continue
        name = key[2:]
        if not version.isdigit() or len(version) > 9:
            raise Refused(400, "Formuläret går inte att läsa.")
        settled = visit.form.text(f"choice|{name}")
        text = _chosen(visit, name, settled) if settled else _composed(visit, name)
        result = _save(visit, name, int(version), text, whole_form=not settled).result
        if isinstance(result, Conflict):
            conflicts.append(result)
    place = visit.form.text("place")
    if "guest" in visit.form:
        _welcome(visit, " ".join(visit.form.text("guest").split()))
    if conflicts:
        return visit.page(
            "live_conflict.html.j2",
            status=409,
            conflicts=[
                {
                    "name": each.name,
                    "version": each.version,
                    "mine": each.mine,
                    "theirs": each.text,
                    "by": visit.here.person_name(each.person) or "Någon annan",
                    "label": _label(each.name),
                    "words": (in_words(visit, each.name, each.mine), in_words(visit, each.name, each.text)),
                    "both": field_kind(each.name) == "text",
                }
                for each in conflicts
            ],
            place=place,
            base=_base(visit),
        )
    return visit.go(f"{_base(visit)}?klart=sparat#{quote(place)}")


def _welcome(visit: Visit, guest: str) -> None:
    """Somebody who was not called is here: by the config's id where the name is known, else by the name itself."""
    known = (person.id for person in visit.here.people.values() if person.name.casefold() == guest.casefold())
    name = f"attendance:{next(known, guest)}"
    try:
        _save(visit, name, _sheet(visit).version(name), "presence: present")
    except Refused as problem:
        raise Refused(422, "Skriv namnet med bokstäver, högst sextio tecken.") from problem


def _composed(visit: Visit, name: str) -> str:
    """A field's text from the controls of a form."""
    kind = field_kind(name)
    if kind == "list":
        return "\n".join(each for each in visit.form.all(name) if each)
    if kind == "parts":
        mine = ((key, value) for key, value in visit.form.fields if key.startswith(f"{name}|"))
        return as_parts((key[len(name) + 1 :], value) for key, value in mine)
    return visit.form.raw(name)


def _chosen(visit: Visit, name: str, settled: str) -> str:
    mine, theirs = visit.form.raw(f"mine|{name}"), visit.form.raw(f"theirs|{name}")
    return {"mine": mine, "theirs": theirs}.get(settled, f"{theirs}\n\n{mine}")


def _label(name: str) -> str:
    labels = {
        "account": "Anteckningar",
        "decisions": "Beslut",
        "actions": "Nya åtgärder",
        "recused": "Jäv",
        "quorum": "Antal som deltog i beslutet",
        "begun": "Började",
        "done": "Klart",
        "ended": "Mötet avslutades",
        "assessment": "Samlad bedömning",
        "ahead": "Att bevaka framåt",
        "to_parent": "Att lyfta vidare",
        "approvers": "Justerare",
    }
    if name.startswith(("attendance:", "action:")):
        return f"{'Närvaro' if name[1] == 't' else 'Åtgärd'}, {name.partition(':')[2]}"
    return labels.get(name.rpartition(":")[2], name)


def in_words(visit: Visit, name: str, text: str) -> str:
    """A field's text as somebody reads it: names for ids, and words for what a row of buttons says."""
    kind = field_kind(name)
    if kind == "list":
        return ", ".join(visit.here.person_name(each) for each in text.splitlines())
    if kind == "text" or not text:
        return text
    parts = parts_of(text)
    told = [PRESENCES.get(parts.get("presence", ""), ""), STATUSES.get(parts.get("status", ""), "")]
    told += [f"från {parts['from']}"] if "from" in parts else []
    told += [f"till {parts['until']}"] if "until" in parts else []
    told += [f"tjänstgör för {visit.here.person_name(parts['for'])}"] if "for" in parts else []
    told += [parts.get("due", ""), parts.get("comment", ""), parts.get("note", "")]
    return ", ".join(filter(None, told))


# --- read out, look back, close ----------------------------------------------------------------------------------


def aloud(visit: Visit) -> Response:
    """An item's decisions in large type, for the chair to read out; every item's where none is named."""
    sheet, wanted = _sheet(visit), visit.query.text("arende")
    items = [each for each in sheet.items if not each.veiled and wanted in {"", str(each.id)}]
    if wanted and not items:
        raise Refused(404, LOST)
    told = [
        {
            "item": item,
            "recused": [visit.here.person_name(each) for each in sheet.text(f"item:{item.id}:recused").splitlines()],
            "text": sheet.text(f"item:{item.id}:decisions"),
        }
        for item in items
        if wanted or sheet.text(f"item:{item.id}:decisions")
    ]
    return visit.page("live_aloud.html.j2", told=told, wanted=wanted, base=_base(visit))


def versions(visit: Visit) -> Response:
    """Every text ever written in the minutes, newest first, also those that met a newer one."""
    sheet = _sheet(visit)
    found = live.revisions(visit.session, visit.occasion.id, visit.query.text("falt"))
    rows = [
        {
            "name": name,
            "label": _label(name),
            "place": _place(sheet, name),
            "words": in_words(visit, name, row.text),
            "text": row.text,
            "by": visit.here.person_name(row.person) or "Hämtat från protokollet",
            "at": row.at.astimezone(visit.here.timezone),
            "refused": row.refused,
            "current": not row.refused and row.version == sheet.version(name),
        }
        for name, row in reversed(found)
        if name in sheet.fields
    ]
    return visit.page(
        "live_versions.html.j2", rows=rows[:300], more=max(0, len(rows) - 300), sheet=sheet, base=_base(visit)
    )


def _place(sheet: Sheet, name: str) -> str:
    item = next((each for each in sheet.items if name.startswith(f"item:{each.id}:")), None)
    return f"{item.number}. {item.title}" if item else ""


def closing(visit: Visit) -> Response:
    """What is still missing, before the meeting is closed."""
    return _closing(visit)


def _closing(visit: Visit, problems: list[tuple[str, str]] | None = None) -> Response:
    sheet = _sheet(visit)
    if not sheet.items:
        return visit.go(_base(visit))
    return visit.page(
        "live_closing.html.j2",
        status=422 if problems else 200,
        problems=problems or [],
        gaps=adjourning.gaps(visit.here, visit.occasion, sheet),
        **_context(visit, sheet),
    )


def close(visit: Visit) -> Response:
    """Hands the minutes over as the record of the meeting."""
    grave = [gap for gap in adjourning.gaps(visit.here, visit.occasion, _sheet(visit)) if gap.grave]
    if grave and not visit.form.text("anyway"):
        problem = "Fyll i det som saknas, eller kryssa i att du vill avsluta ändå."
        return _closing(visit, [("anyway", problem)])
    try:
        adjourning.adjourn(visit.office, visit.here, visit.occasion, visit.doer)
    except ValueError as problem:
        return _closing(visit, [("", str(problem))])
    return visit.go(visit.meeting_path(), "avslutat")


_BASE = "/{town}/organ/{body}/{slot}/anteckna"
PAGES: tuple[Page, ...] = (
    Page("GET", _BASE, write, "live"),
    Page("POST", _BASE, save, "live", "S"),
    Page("POST", _BASE + "/oppna", begin, "live", "S"),
    Page("POST", _BASE + "/arende", add_item, "live", "S"),
    Page("PUT", _BASE + "/falt/{name}", put, "live", "S", largest=SENT),
    Page("GET", _BASE + "/falt/{name}", get_field, "live"),
    Page("GET", _BASE + "/lage", state, "live", slides=False),
    Page("GET", _BASE + "/las-upp", aloud, "live"),
    Page("GET", _BASE + "/versioner", versions, "live", "S"),
    Page("GET", _BASE + "/avsluta", closing, "live", "S"),
    Page("POST", _BASE + "/avsluta", close, "live", "S"),
)
