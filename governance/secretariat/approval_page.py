"""What the page of approval shows: the version to approve, who has, by when, what was remarked and corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from governance.model.approval import Milestones, Timer, is_announced, timers
from governance.model.body import Municipality
from governance.model.deadlines import after
from governance.model.occurrence import calendar_of
from governance.secretariat.minutes import asked_to_approve, document_name, short_sum
from governance.secretariat.public_minutes import KIND
from governance.store import approval_book, minute_book
from governance.store.desk_tables import PublicNotice
from governance.store.tables import MeetingRecord, Occasion


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the minutes or of their public copy."""

    id: int
    version: int
    sha256: str
    made: datetime
    html: str  # "" but for the newest

    @property
    def sum(self) -> str:
        """The beginning of its fingerprint, for people."""
        return short_sum(self.sha256)


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody whose it is to approve, and when they did."""

    person: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Remarked:
    """What somebody wanted changed in a version."""

    id: int
    name: str
    text: str
    at: datetime
    version: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """Why a version was written anew."""

    name: str
    reason: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Approving:
    """All that the page of approval shows. `making`: a change is recorded that no paper tells of yet."""

    document: str
    informal: bool
    recorded: bool
    making: bool
    due: date | None  # when the paper that is being made is due
    newest: Version | None
    versions: tuple[Version, ...]
    public: Version | None
    signatures: tuple[Signature, ...]
    approved_on: date | None
    approved_by: tuple[str, ...]
    chosen: tuple[str, ...]  # person ids
    present: tuple[tuple[str, str], ...]  # (person id, name) of who may be chosen
    timers: tuple[Timer, ...]
    remarks: tuple[Remarked, ...]
    corrections: tuple[Corrected, ...]
    correcting: bool  # a correction is open, and no new version made under it
    announced: bool  # the law asks for a notice on the board
    notice: tuple[date, date] | None  # posted, up until
    secret: bool
    paragraphs: str

    def waits_for(self, person: str) -> bool:
        """Whether it is this person's to approve now."""
        if self.approved_on or self.making or self.correcting or self.newest is None:
            return False
        return any(each.person == person and each.at is None for each in self.signatures)

    @property
    def settling(self) -> bool:
        """Whether a group's notes can be marked as settled."""
        ready = self.recorded and not self.making and not self.correcting and self.newest is not None
        return self.informal and ready and self.approved_on is None


def approving(session: Session, municipality: Municipality, meeting: Occasion, today: date) -> Approving:
    """How the approval of a meeting's minutes stands: four questions."""
    body = municipality.bodies[meeting.key]
    record, notice, step, secret, first, last = approval_book.standing(session, meeting.id)
    papers = approval_book.papers_of_minutes(session, meeting.id)
    happened = approval_book.happenings(session, meeting.id)
    attendance = minute_book.attendance_of(session, meeting.id)
    versions = tuple(_version(row) for row in papers if row[1] == "minutes")
    newest = versions[0] if versions else None
    corrections = [row for row in happened if row[0] == "correction"]
    approved_on = record.approved_on if record else None
    days = _milestones(municipality, meeting, approved_on, notice, [row[4] for row in corrections])
    numbers = {each.id: each.version for each in versions}
    making = record is not None and step is not None and step.done is None
    return Approving(
        document=document_name(body.formality),
        informal=body.formality == "informal",
        recorded=record is not None,
        making=making,
        due=step.due.astimezone(municipality.timezone).date() if making and step else None,
        newest=newest,
        versions=versions,
        public=next((_version(row) for row in papers if row[1] == KIND), None),
        signatures=_signatures(
            municipality, record, asked_to_approve(municipality, meeting, record, attendance), happened, newest
        ),
        approved_on=approved_on,
        approved_by=_names(municipality, record.approved_by if record else []),
        chosen=tuple(record.approvers) if record else (),
        present=tuple(
            (row.person, municipality.person_name(row.person)) for row in attendance if row.presence == "present"
        ),
        timers=timers(body.formality, days, today),
        remarks=tuple(
            Remarked(
                row[1], municipality.person_name(row[3]), row[5], row[4], numbers.get(row[2], 0), row[6] is not None
            )
            for row in happened
            if row[0] == "remark"
        ),
        corrections=tuple(
            Corrected(municipality.person_name(row[3]), row[5], row[4], numbers.get(row[2], 0)) for row in corrections
        ),
        correcting=bool(corrections) and approved_on is None and newest is not None and corrections[-1][2] == newest.id,
        announced=is_announced(body.formality),
        notice=(notice.posted, notice.until) if notice and approved_on and notice.posted >= approved_on else None,
        secret=secret,
        paragraphs=f"§ {first}" if first and first == last else f"§§ {first}–{last}" if first else "",
    )


def _milestones(
    municipality: Municipality,
    meeting: Occasion,
    approved_on: date | None,
    notice: PublicNotice | None,
    corrected: list[datetime],
) -> Milestones:
    """The days the terms run from. A correction is given the same time as the minutes were, from its own day."""
    body = municipality.bodies[meeting.key]
    calendar = calendar_of(body, municipality.calendar)
    begun = corrected[-1].astimezone(municipality.timezone).date() if corrected else meeting.day
    return Milestones(
        meeting=begun,
        own_limit=after(body.lead_times.approval, begun, calendar),
        approved=approved_on,
        posted=notice.posted if notice else None,
    )


def _version(row: Row[Any]) -> Version:
    return Version(id=row[0], version=row[2], sha256=row[3], made=row[5], html=row[6])


def _signatures(
    municipality: Municipality,
    record: MeetingRecord | None,
    asked: tuple[str, ...],
    happened: list[Row[Any]],
    newest: Version | None,
) -> tuple[Signature, ...]:
    """Those asked, with when they approved: the newest version, or once all have, the one that they approved."""
    since = max((row[2] for row in happened if row[0] == "correction"), default=0)
    closed = record is not None and record.approved_on is not None
    signed: dict[str, datetime] = {}
    for row in happened:
        if row[0] == "approval" and newest is not None and (row[2] > since if closed else row[2] == newest.id):
            signed[row[3]] = row[4]
    people = dict.fromkeys([*asked, *(record.approved_by if record and closed else [])])
    return tuple(Signature(each, municipality.person_name(each), signed.get(each)) for each in people)


def _names(municipality: Municipality, people: list[str]) -> tuple[str, ...]:
    return tuple(municipality.person_name(each) for each in people)
