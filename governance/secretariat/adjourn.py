"""Closing a meeting: what is still missing in its minutes, and handing them over as the record of the meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args

from sqlalchemy.orm import Session

from governance.model.action import ActionStatus
from governance.model.body import Municipality
from governance.model.live import (
    DecisionLine,
    parse_actions,
    parse_attendance,
    parse_decisions,
    parts_of,
)
from governance.model.record import (
    ActionUpdate,
    ItemEntry,
    MeetingEntry,
    NewAction,
    NewDecision,
    PresenceEntry,
)
from governance.secretariat.audit import Doer, note
from governance.secretariat.live import LiveItem, Sheet
from governance.secretariat.live_fields import body_names, circle_of, keep_text, referral_label
from governance.secretariat.office import Office
from governance.secretariat.outcome import STRUCK
from governance.secretariat.record import arrivals
from governance.secretariat.written import entry_of
from governance.store import live_questions, minute_book, queries
from governance.store.tables import Action, Arrival, DecisionRow, Item, Occasion

SILENT = ("formality",)  # kinds of items at which nothing needs to be said
REFERRED = "fraga-"  # the ref that a decision is given when it is answered and has none


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing in the minutes. `place` is the part of the page where it is mended."""

    words: str
    place: str
    grave: bool = True  # False: worth a look, but often as it should be


def gaps(municipality: Municipality, meeting: Occasion, sheet: Sheet) -> tuple[Gap, ...]:
    """What is undecided, unowned, undated or not said, in the order of the page."""
    body = municipality.bodies[meeting.key]
    found: list[Gap] = []
    unsaid = [row.name for row in sheet.attendance if row.seen.presence is None]
    if len(unsaid) == len(sheet.attendance):
        found.append(Gap("Närvaron är inte antecknad.", "narvaro"))
    elif unsaid:
        found.append(Gap(f"Närvaron saknas för {', '.join(unsaid)}.", "narvaro"))
    if not sheet.text("meeting:begun"):
        found.append(Gap("Det är inte antecknat när mötet öppnades.", "narvaro", grave=False))
    bodies, labels = body_names(municipality, meeting), {label: label for label in sheet.referrals}
    answered: set[str] = set()
    settled = any(name.startswith("action:") and each.text for name, each in sheet.fields.items())
    for item in sheet.items:
        if item.veiled:
            continue
        decisions = parse_decisions(sheet.text(f"item:{item.id}:decisions"), bodies, labels)
        answered |= {each.answers for each in decisions}
        place = f"arende-{item.id}"
        silent = item.kind in SILENT or (item.source == "action-items" and settled)
        found += [Gap(f"Ärende {item.number}, {item.title}: {words}", place, grave) for words, grave in
                  _item_gaps(sheet, item, decisions, body.formality != "informal", silent)]  # fmt: skip
    found += [
        Gap(f"Frågan från {label} är inte besvarad.", "avslutning", grave=False)
        for label in sheet.referrals
        if label not in answered
    ]
    if body.formality != "informal" and not sheet.text("meeting:approvers"):
        found.append(Gap("Ingen justerare är vald.", "avslutning"))
    return tuple(found)


def _item_gaps(
    sheet: Sheet, item: LiveItem, decisions: tuple[DecisionLine, ...], formal: bool, silent: bool
) -> list[tuple[str, bool]]:
    actions = sheet.parsed.get(item.id, ())
    found = [(each.problem, True) for each in decisions if each.problem]
    found += [(f"”{each.text or 'ny åtgärd'}”: {each.problem[:1].lower()}{each.problem[1:]}", True)
              for each in actions if each.problem]  # fmt: skip
    if item.kind == "decision" and not decisions:
        found.append(("inget beslut är antecknat.", True))
    elif not decisions and not actions and not sheet.text(f"item:{item.id}:account") and not silent:
        found.append(("inget är antecknat.", False))
    if formal and decisions and not sheet.text(f"item:{item.id}:quorum"):
        found.append(("det är inte antecknat hur många som deltog i beslutet.", True))
    return found


# --- handing over ------------------------------------------------------------------------------------------------


def adjourn(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> str:
    """Takes the written minutes in as the meeting's record; what was taken in, in words.

    The minutes step is then due and makes the paper. Done again after further edits it corrects what it said before.
    Raises ValueError, in Swedish, where the minutes are approved or the meeting has no agenda.
    """
    with office.archive.write() as session:
        held = session.get_one(Occasion, meeting.id)
        texts = {name: row.text for name, row in live_questions.fields_of(session, held.id).items()}
        if not texts.get("meeting:ended"):
            clock = f"{office.now.astimezone(municipality.timezone):%H:%M}"
            keep_text(session, held.id, "meeting:ended", None, clock, doer.person, office.now)
        entry = _entry(session, municipality, held, texts)
        if not entry.items:
            raise ValueError("Mötet har ingen dagordning än.")
        incoming = next(each for each in arrivals(municipality, [entry]) if each.part == "outcome")
        what = incoming.take(session, office, municipality, held, office.now)
        known = queries.arrival(session, held.id, incoming.part)
        if known is None:
            known = Arrival(occasion_id=held.id, part=incoming.part)
            session.add(known)
        known.fingerprint, known.arrived = incoming.fingerprint, office.now
        step = queries.step_of(session, held.id, "minutes")
        if step is not None and step.done is None and step.due > office.now:
            step.due, step.retry = office.now, None  # written already: nobody needs to wait for the paper
        note(session, office, doer, "minutes.adjourn", f"{held.key} {held.slot}", "", repr(entry))
        return what


def _entry(session: Session, municipality: Municipality, meeting: Occasion, texts: Mapping[str, str]) -> MeetingEntry:
    items, referrals = live_questions.items_with_referrals(session, meeting.id)
    keys = {referral_label(municipality, row): row for row in referrals}
    record = minute_book.record_of(session, meeting.id)  # approvers may have been chosen since
    decided = minute_book.decisions_of(session, meeting.id)
    made = [row for row in minute_book.actions_made_at(session, meeting.id) if row.comment != STRUCK]
    entries = (_item(municipality, meeting, item, texts, keys) for item in items)
    return MeetingEntry(
        file="",
        line=0,
        body=meeting.key,
        day=meeting.slot,
        attendance=_attendance(municipality, texts),
        items=tuple(_named_as_before(item, entry, decided, made) for item, entry in zip(items, entries, strict=True)),
        actions=_updates(texts),
        assessment=texts.get("meeting:assessment", ""),
        ahead=_lines(texts, "meeting:ahead"),
        to_parent=_lines(texts, "meeting:to_parent"),
        approvers=_lines(texts, "meeting:approvers") or (tuple(record.approvers) if record else ()),
        completed=entry_of(session, municipality, meeting).completed,  # not told here: what is recorded stays
    )


def _named_as_before(item: Item, entry: ItemEntry, decided: Sequence[DecisionRow], made: Sequence[Action]) -> ItemEntry:
    """The entry with the refs that its decisions and actions bear already: others point at them by these."""
    old = [(row.text, row.ref) for row in decided if row.item_id == item.id]
    refs = _refs([each.text for each in entry.decisions], old)
    decisions = tuple(replace(each, ref=ref) for each, ref in zip(entry.decisions, refs, strict=True))
    old = [(row.text, row.ref) for row in made if row.item_id == item.id]
    refs = _refs([each.text for each in entry.actions], old)
    actions = tuple(replace(each, ref=ref) for each, ref in zip(entry.actions, refs, strict=True))
    return replace(entry, decisions=decisions, actions=actions)


def _refs(new: Sequence[str], former: Sequence[tuple[str, str]]) -> list[str]:
    """The ref of each text: the one its words had before, else that of its place where the words there are gone."""
    by_words = dict(former)
    free = [ref if text not in new else "" for text, ref in former]
    return [by_words.get(text, free[place] if place < len(free) else "") for place, text in enumerate(new)]


def _lines(texts: Mapping[str, str], name: str) -> tuple[str, ...]:
    lines = (line.strip().removeprefix("- ").strip() for line in texts.get(name, "").splitlines())
    return tuple(line for line in lines if line)


def _attendance(municipality: Municipality, texts: Mapping[str, str]) -> tuple[PresenceEntry, ...]:
    found: list[PresenceEntry] = []
    for name, text in texts.items():
        if not name.startswith("attendance:"):
            continue
        seen = parse_attendance(text)
        if seen.presence is None:
            continue
        serves = f"Tjänstgjorde för {municipality.person_name(seen.serves_for)}" if seen.serves_for else ""
        there = seen.presence == "present"
        found.append(
            PresenceEntry(
                person=name[11:],
                presence=seen.presence,
                arrived=seen.arrived if there else None,
                left=seen.left if there else None,
                note=". ".join(filter(None, [serves if there else "", seen.note])),
            )
        )
    return tuple(found)


def _item(
    municipality: Municipality,
    meeting: Occasion,
    item: Item,
    texts: Mapping[str, str],
    referrals: Mapping[str, DecisionRow],
) -> ItemEntry:
    def text(part: str) -> str:
        return texts.get(f"item:{item.id}:{part}", "")

    bodies, labels = body_names(municipality, meeting), {label: label for label in referrals}
    decisions = parse_decisions(text("decisions"), bodies, labels)
    actions = parse_actions(text("actions"), circle_of(municipality, meeting))
    return ItemEntry(
        title=item.title,
        account=text("account"),
        decisions=tuple(
            NewDecision(each.text, refer_to=each.refer_to, answers=_ref(referrals.get(each.answers)))
            for each in decisions
            if each.text
        ),
        actions=tuple(NewAction(each.text, each.owner, each.due) for each in actions if each.text),
        recused=_lines(texts, f"item:{item.id}:recused"),
        quorum=text("quorum") if decisions else "",
    )


def _ref(answered: DecisionRow | None) -> str:
    """The name by which an answer finds the decision it answers; it is given one here where it has none."""
    if answered is None:
        return ""
    answered.ref = answered.ref or f"{REFERRED}{answered.id}"
    return answered.ref


def _updates(texts: Mapping[str, str]) -> dict[str, ActionUpdate]:
    found: dict[str, ActionUpdate] = {}
    for name, text in texts.items():
        if not name.startswith("action:"):
            continue
        parts = parts_of(text)
        status = parts.get("status", "")
        try:
            due = date.fromisoformat(parts["due"]) if "due" in parts else None
        except ValueError:
            due = None
        told = cast("ActionStatus", status) if status in get_args(ActionStatus) else None
        found[name[7:]] = ActionUpdate(told, parts.get("comment", ""), due)
    return found
