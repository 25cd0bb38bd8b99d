"""The Swedish words papers use for the model's kinds and states, and what stands in a paper's header."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from governance.model.action import ActionItem
from governance.model.agenda import Agenda, AgendaItem
from governance.model.decision import Decision
from governance.model.follow_up import AnnualFollowUp, DutyState, TwoYearFollowUp
from governance.model.meeting import Attendance, Attendee, MeetingFacts
from governance.model.minutes import Minutes
from governance.model.situation import SituationPicture
from governance.model.status import StatusAnswer
from governance.model.words import in_running_text
from governance.papers.letterhead import Letterhead
from governance.papers.swedish import NBSP, clock, clock_range, long_date

Paper = Agenda | Minutes | SituationPicture | AnnualFollowUp | TwoYearFollowUp

KINDS = {
    "decision": "Beslut",
    "information": "Information",
    "discussion": "Diskussion",
    "follow-up": "Uppföljning",
    "formality": "Formalia",
}
_ACTIONS = {"not-started": "Ej påbörjad", "in-progress": "Pågår", "done": "Klar", "dropped": "Avförd"}
_ROLES = {
    "chair": "Ordförande",
    "vice-chair": "Vice ordförande",
    "secretary": "Sekreterare",
    "convener": "Sammankallande",
    "member": "Ledamot",
    "substitute": "Ersättare",
    "standing-co-opted": "Ständigt adjungerad",
    "co-opted": "Adjungerad",
    "presenter": "Föredragande",
}
_DUTIES = {
    "shown": "Uppfyllt",
    "due": "Ska göras",
    "late": "Försenat",
    "not-shown": "Underlag saknas",
    "always": "Gäller löpande",
}


def kind(item_kind: str) -> str:
    """What sort of item it is: `Beslut`."""
    return KINDS[item_kind]


def action_status(action: ActionItem) -> str:
    """`Pågår`, `Försenad, pågår`: the state in words, never by colour alone."""
    word = _ACTIONS[action.status]
    if not action.late or action.status in ("done", "dropped"):
        return word
    return "Försenad, pågår" if action.status == "in-progress" else "Försenad"


def age(action: ActionItem) -> str:
    """How many meetings an action has been carried: `Ny`, `1 möte`, `4 möten`."""
    return "Ny" if action.age == 0 else f"{action.age}{NBSP}{'möte' if action.age == 1 else 'möten'}"


def duty_state(state: str) -> str:
    """How a section of the law stands, in words."""
    return _DUTIES[state]


def answer(status: StatusAnswer) -> str:
    """What somebody answered, in words where they chose an answer that needs no text."""
    if status.choice == "nothing":
        return status.text or "Inget att rapportera."
    if status.choice == "as-last-time":
        return status.text or "Oförändrat sedan förra gången."
    return status.text


def interval(attendance: Attendance) -> str:
    """The part of the meeting somebody was there: `kl. 09.20–10.00`, `från kl. 09.20` or `Hela mötet`."""
    if attendance.arrived and attendance.left:
        return f"kl.{NBSP}{clock(attendance.arrived)}–{clock(attendance.left)}"
    if attendance.arrived:
        return f"från kl.{NBSP}{clock(attendance.arrived)}"
    return f"till kl.{NBSP}{clock(attendance.left)}" if attendance.left else "Hela mötet"


def day(value: date | None) -> str:
    """A date for a narrow column, `2027-03-02`; an en dash where there is none."""
    return f"{value:%Y-%m-%d}" if value else "–"


def dash(value: object) -> str:
    """The value, or an en dash where a table's cell would stand empty."""
    return str(value) if value not in ("", None) else "–"


def item_time(item: AgendaItem) -> str:
    """`kl. 09.10–09.25 (15 min)`, or as much of it as is known."""
    box = f"{item.minutes}{NBSP}min" if item.minutes else ""
    if item.starts is None:
        return box
    minute = item.starts.hour * 60 + item.starts.minute + (item.minutes or 0)
    ends = time(minute // 60 % 24, minute % 60) if item.minutes else None
    return clock_range(item.starts, ends) + (f" ({box})" if box else "")


def decision_number(number: str) -> str:
    """`§ 12` as it is; an item's number as `ärende 3`."""
    return f"ärende{NBSP}{number}" if number.isdigit() else number.replace(" ", NBSP)


def people(attendees: Iterable[Attendee]) -> str:
    """Those called: `Karin Åhlén (kommunstyrelsens ordförande), Henrik Dahl (Polismyndigheten)`."""
    named = ((a.name, in_running_text(a.title) or a.organisation) for a in attendees)
    return ", ".join(f"{name} ({part})" if part else name for name, part in named)


def role(seat_role: str) -> str:
    """What a seat is called: `Ledamot`."""
    return _ROLES[seat_role]


def decisions(minutes: Minutes) -> list[Decision]:
    """Every decision of the meeting, in the order of the items."""
    return [decision for item in minutes.items for decision in item.decisions]


def paragraph_range(minutes: Minutes) -> str:
    """`§§ 1–12`, or nothing where the items are not numbered as paragraphs."""
    numbers = [item.label.removeprefix("§").strip() for item in minutes.items if item.label.startswith("§")]
    if len(numbers) < 2:
        return f"§{NBSP}{numbers[0]}" if numbers else ""
    return f"§§{NBSP}{numbers[0]}–{numbers[-1]}"


def duty_summary(duties: Sequence[DutyState]) -> str:
    """How many sections of the law stand how: `6 uppfyllda, 1 försenat`."""
    words = {
        "shown": ("uppfyllt", "uppfyllda"),
        "always": ("gäller löpande", "gäller löpande"),
        "due": ("ska göras", "ska göras"),
        "late": ("försenat", "försenade"),
        "not-shown": ("saknar underlag", "saknar underlag"),
    }
    tally = [(sum(duty.state == state for duty in duties), word) for state, word in words.items()]
    return ", ".join(f"{amount} {word[amount > 1]}" for amount, word in tally if amount) or "Inga registrerade"


def next_due(duties: Iterable[DutyState]) -> list[DutyState]:
    """The duties that have a date to come, the nearest first."""
    return sorted((duty for duty in duties if duty.next_due), key=lambda duty: duty.next_due or date.max)


def unmet(duties: Iterable[DutyState]) -> list[DutyState]:
    """The duties that are late or that nothing shows."""
    return [duty for duty in duties if duty.state in ("late", "not-shown")]


LABELS: dict[str, Callable[..., Any]] = {
    "kind": kind,
    "action_status": action_status,
    "age": age,
    "duty_state": duty_state,
    "answer": answer,
    "interval": interval,
    "day": day,
    "dash": dash,
    "in_running_text": in_running_text,
    "people": people,
    "item_time": item_time,
    "role": role,
    "decisions": decisions,
    "paragraph_range": paragraph_range,
    "duty_summary": duty_summary,
    "next_due": next_due,
    "unmet": unmet,
    "decision_number": decision_number,
}


def contact_line(facts: MeetingFacts) -> str:
    """The footer of a meeting's paper."""
    parts = (facts.municipality, facts.contact_name, facts.contact_email, facts.contact_phone)
    return " · ".join(part for part in parts if part)


def letterhead_of(paper: Paper) -> Letterhead:
    """Header and footer as the paper itself gives them."""
    if isinstance(paper, Agenda | Minutes):
        facts = paper.facts
        return Letterhead(
            facts.municipality,
            facts.body,
            paper.document_name,
            long_date(facts.starts),
            facts.case_number,
            contact_line(facts),
        )
    contact = " · ".join(part for part in (paper.municipality, paper.contact) if part)
    made = long_date(paper.made) if paper.made else ""
    if isinstance(paper, SituationPicture):
        return Letterhead(paper.municipality, paper.body, "Veckolägesbild", long_date(paper.meeting_date), "", contact)
    if isinstance(paper, AnnualFollowUp):
        return Letterhead(paper.municipality, paper.prepared_by, "Årlig uppföljning", made, "", contact)
    return Letterhead(paper.municipality, paper.handled_by, "Tvåårsuppföljning", made, paper.case_number, contact)
