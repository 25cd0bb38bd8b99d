"""What the pages show of follow-ups and of the law: papers made, what comes next, each section's state, the gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from governance.model.back_planning import BackPlan
from governance.model.body import Municipality
from governance.model.follow_up import DutyState
from governance.model.law import duty_states, has_gap
from governance.model.words import in_running_text
from governance.papers.swedish import short_date
from governance.secretariat.editions import two_year_plan
from governance.secretariat.figures import evidence_of
from governance.secretariat.searching import Sight
from governance.secretariat.steps import TWO_YEAR, occasion_name
from governance.store import register_questions
from governance.store.register_questions import PaperLine

KINDS = ("annual_follow_up", "two_year_follow_up")
PICTURE = "situation"
PICTURES = 40  # versions of weekly pictures looked at; half a year and more
STATES: dict[str, tuple[str, str]] = {  # in words, and how the page marks it
    "shown": ("uppfyllt", "good"),
    "due": ("ska göras", "warn"),
    "late": ("försenat", "late"),
    "not-shown": ("underlag saknas", "warn"),
    "always": ("löpande", ""),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose sight it is, and the bodies whose drafts are theirs to read: those prepare follow-ups."""

    sight: Sight
    drafts: Collection[str]

    def reads(self, municipality: Municipality, kind: str, key: str) -> bool:
        """Whether a paper of a kind, of a body, a product or the two-year clock, is theirs to read.

        A follow-up tells of several bodies: it is read by those it goes to, and by who prepares it.
        """
        if kind == PICTURE:
            return key in self.sight.bodies
        receivers, preparing = _readers_of(municipality, key)
        if not receivers and not preparing:  # no longer in the config: those who see every body
            return set(self.sight.bodies) == set(municipality.bodies)
        return bool(receivers & set(self.sight.bodies)) or bool(preparing & set(self.drafts))


def _readers_of(municipality: Municipality, key: str) -> tuple[set[str], set[str]]:
    """(the bodies a follow-up goes to, the body that prepares it), those of the config alone."""
    known = set(municipality.bodies)
    if key == TWO_YEAR:
        plan = municipality.duties.action_plan
        chain = (plan.prepared_by, plan.endorsed_by, plan.decided_by) if plan else ()
        return known & {*chain, municipality.lead_committee}, set()
    product = municipality.products.get(key)
    if product is None:
        return set(), set()
    return known & {*product.to, product.endorsed_by, product.decided_by}, known & {product.prepared_by}


@dataclass(frozen=True, slots=True)
class Series:
    """A follow-up that comes again: its newest papers, and when the next is due."""

    title: str
    papers: tuple[PaperLine, ...]  # the newest version of each edition
    coming: date | None
    deadline: date | None = None  # by law, for the two-year one


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page of follow-ups shows."""

    series: tuple[Series, ...]
    pictures: tuple[PaperLine, ...]
    plan: BackPlan | None


def follow_ups(session: Session, municipality: Municipality, reader: Reader, today: date) -> Overview:
    """The follow-ups and weekly pictures the reader may read, and what comes next."""
    made = _newest(register_questions.papers_of_kinds(session, municipality.id, KINDS))
    pictures = _newest(register_questions.papers_of_kinds(session, municipality.id, (PICTURE,), PICTURES))
    coming = dict(register_questions.coming_editions(session, municipality.id))
    plan = two_year_plan(session, municipality, today)
    keys = [key for key, product in municipality.products.items() if product.kind == "annual-follow-up"]
    keys += [each.key for each in made if each.key not in {*keys, TWO_YEAR}]
    keys += [TWO_YEAR]
    series = tuple(
        Series(
            occasion_name(municipality, key),
            tuple(each for each in made if each.key == key),
            (plan.decision_day if plan else None) if key == TWO_YEAR else coming.get(key),
            plan.due if plan and key == TWO_YEAR else None,
        )
        for key in dict.fromkeys(keys)
        if reader.reads(municipality, "", key)
    )
    mine = tuple(each for each in pictures if reader.reads(municipality, PICTURE, each.key))
    return Overview(series, mine, plan)


def _newest(papers: Iterable[PaperLine]) -> list[PaperLine]:
    """The newest version of each paper; they come newest first."""
    found: dict[tuple[int, str], PaperLine] = {}
    for each in papers:
        found.setdefault((each.occasion, each.kind), each)
    return list(found.values())


def versions(session: Session, municipality: Municipality, reader: Reader, paper: int) -> list[PaperLine]:
    """A follow-up's or picture's versions, the newest first; none where it is not the reader's to read."""
    found = register_questions.versions_beside(session, municipality.id, paper)
    if not found or found[0].kind not in (*KINDS, PICTURE):
        return []
    return found if reader.reads(municipality, found[0].kind, found[0].key) else []


# --- the law ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Law:
    """How the municipality stands to lag (2023:196): each section, the gaps in words, and the next follow-up."""

    states: tuple[DutyState, ...]
    gaps: tuple[str, ...]
    plan: BackPlan | None


def law(session: Session, municipality: Municipality, today: date) -> Law:
    """The sections with their carriers, clocks and evidence on a day."""
    states = duty_states(municipality, evidence_of(session, municipality), today)
    plan = two_year_plan(session, municipality, today)
    problem = [plan.problem] if plan and plan.problem else []
    return Law(states, (*gaps_in_words(states), *problem), plan)


def gaps_in_words(states: Sequence[DutyState]) -> tuple[str, ...]:
    """What is missing, a sentence each; what is only due soon is no gap."""
    return tuple(_gap(each) for each in states if has_gap(each) or each.state == "not-shown")


def _gap(state: DutyState) -> str:
    what = f"{state.section}: {state.text}" + (f" ({state.area})" if state.area else "")
    missing: list[str] = []
    if state.state == "late":
        missing.append(f"skulle ha gjorts senast {short_date(state.next_due)}" if state.next_due else "är aldrig gjort")
    elif state.state == "not-shown":
        missing.append("det finns inget antecknat som visar det")
    if not state.carrier:
        missing.append("ingen är utpekad som ansvarig")
    return f"{what} – {' och '.join(missing)}."


def chain_in_words(municipality: Municipality, plan: BackPlan, sight: Sight) -> list[tuple[str, date]]:
    """The planned chain to the next two-year follow-up, the meetings of bodies the reader may know of."""
    shown = {*sight.bodies, *(body.id for body in municipality.bodies.values() if body.external)}
    return [(municipality.body_name(body), day) for body, day in plan.chain if body in shown]


def decider(municipality: Municipality) -> str:
    """The organ that passes the two-year follow-up, inside a sentence."""
    plan = municipality.duties.action_plan
    return in_running_text(municipality.body_name((plan.decided_by if plan else "") or municipality.lead_committee))
