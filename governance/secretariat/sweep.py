"""Everything that is due, in one order; and the walk from one due moment to the next, which is how a year is simulated.

The live schedule and the simulated year run the same functions: only the clock differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from governance.model.body import Municipality
from governance.secretariat.agenda import make_agendas
from governance.secretariat.delivery import deliver
from governance.secretariat.follow_up import make_follow_ups
from governance.secretariat.invitation import send_invitations
from governance.secretariat.mail_replies import read_replies
from governance.secretariat.meetings import plan_meetings
from governance.secretariat.minutes import make_minutes
from governance.secretariat.office import Done, Office
from governance.secretariat.record import Incoming, take_in
from governance.secretariat.situation import make_situation_pictures
from governance.secretariat.status import send_status_requests
from governance.store import queries

Verb = Callable[[Office, Municipality], list[Done]]

# The order within a moment: what was learnt first, then what is made of it, then what leaves.
VERBS: Mapping[str, Verb] = {
    "replies": read_replies,
    "plan": plan_meetings,
    "situation": make_situation_pictures,
    "minutes": make_minutes,
    "follow_up": make_follow_ups,
    "status": send_status_requests,
    "agenda": make_agendas,
    "invitation": send_invitations,
    "delivery": deliver,
}
PLAN_HOUR = time(6, 0)


def sweep(office: Office, verbs: Sequence[str] = tuple(VERBS)) -> list[Done]:
    """Does everything that is due now, for every municipality, verb by verb."""
    return [
        done for name in verbs for municipality in office.municipalities for done in VERBS[name](office, municipality)
    ]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the walk and what was done at it."""

    at: datetime
    done: tuple[Done, ...]


def walk(
    office: Office, until: date | None, incoming: Mapping[str, Sequence[Incoming]] | None = None
) -> Iterator[Moment]:
    """Lets the clock go from the office's moment to the end of the day `until`, from one due moment to the next.

    Without `until` it stands still: what is due now is done, and what has arrived by now is taken in.

    `incoming` is what arrives on the way, by municipality and in order of time. A walk broken off and begun again does
    the rest and nothing twice: each step is done at its own moment, in the same order, whichever walk does it.
    """
    arriving = _Arrivals(office, incoming or {})
    at = office.now
    end = datetime.combine(until, time(23, 59), office.municipalities[0].timezone) if until else at
    while at <= end:
        here = office.at(at)
        done = arriving.take(here)
        verbs = VERBS if at == office.now or _plans(office, at) else {k: v for k, v in VERBS.items() if k != "plan"}
        yield Moment(at, (*done, *sweep(here, tuple(verbs))))
        following = _following(here, arriving, at)
        if following is None or until is None:
            return
        at = following


class _Arrivals:
    """What is still to arrive on a walk."""

    def __init__(self, office: Office, incoming: Mapping[str, Sequence[Incoming]]) -> None:
        by_id = {municipality.id: municipality for municipality in office.municipalities}
        self._waiting = sorted(
            ((by_id[key], each) for key, rows in incoming.items() for each in rows), key=lambda pair: pair[1].moment
        )

    def take(self, office: Office) -> list[Done]:
        done: list[Done] = []
        while self._waiting and self._waiting[0][1].moment <= office.now:
            municipality, arrival = self._waiting.pop(0)
            done += filter(None, [take_in(office, municipality, arrival)])
        return done

    def next(self) -> datetime | None:
        return self._waiting[0][1].moment if self._waiting else None


def _plans(office: Office, at: datetime) -> bool:
    local = at.astimezone(office.municipalities[0].timezone)
    return local.day == 1 and local.time() == PLAN_HOUR


def _following(office: Office, arriving: _Arrivals, at: datetime) -> datetime | None:
    ids = [municipality.id for municipality in office.municipalities]
    with office.archive.ask() as asking:
        candidates = [queries.next_moment(asking, ids, at), arriving.next(), _next_first(office, at)]
    zone = office.municipalities[0].timezone
    return min((each.astimezone(zone) for each in candidates if each is not None and each > at), default=None)


def _next_first(office: Office, at: datetime) -> datetime:
    """The first of the next month, when the plan is looked over."""
    local = at.astimezone(office.municipalities[0].timezone)
    following = (local.replace(day=1) + timedelta(days=32)).date().replace(day=1)
    return datetime.combine(following, PLAN_HOUR, local.tzinfo)
