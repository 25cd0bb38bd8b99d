"""Approving minutes on the pages, and what comes of it: remarks, corrections, the notice, the public copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from governance.model.approval import appeal_ends, is_announced, left_to_approve
from governance.model.body import Municipality
from governance.model.record import ApprovalEntry
from governance.papers.swedish import short_date
from governance.secretariat import audit
from governance.secretariat.audit import Doer
from governance.secretariat.corrections import LONGEST, open_correction
from governance.secretariat.minutes import asked_to_approve, draft_minutes, remind_of_approval
from governance.secretariat.office import Desk, Office
from governance.secretariat.outcome import take_approval
from governance.secretariat.public_minutes import make_public
from governance.secretariat.steps import close, reopen
from governance.store import approval_book, minute_book, paper_shelf, queries
from governance.store.desk_tables import Approval, Correction, PublicNotice, Remark
from governance.store.tables import MeetingRecord, Occasion, Paper, Step

CHANGED = "{Text} har ändrats sedan du öppnade sidan. Här är den nya versionen: läs den och justera sedan på nytt."
NOT_CORRECTED = "En rättelse är öppen, men ingen rättad version är gjord än. Vänta på den, eller ångra rättelsen."
BEING_MADE = "En ändring är antecknad och en ny version görs just nu. Vänta några minuter och ladda om sidan."


@dataclass(frozen=True, slots=True)
class Matter:
    """A meeting's minutes at hand: the transaction, the meeting, what was recorded and who is at it."""

    session: Session
    office: Office
    municipality: Municipality
    meeting: Occasion
    record: MeetingRecord
    doer: Doer

    @property
    def today(self) -> date:
        """The local day."""
        return self.office.now.astimezone(self.municipality.timezone).date()

    @property
    def informal(self) -> bool:
        """Whether the body is a group whose notes nobody approves."""
        return self.municipality.bodies[self.meeting.key].formality == "informal"

    @property
    def desk(self) -> Desk:
        """The desk that papers and mails are made at."""
        step = Step(occasion_id=self.meeting.id, kind="approval", due=self.office.now)
        return Desk(self.session, self.office, self.municipality, self.meeting, step)

    def newest(self) -> Paper:
        """The newest minutes. Raises ValueError where none are made, or newer ones are about to be."""
        paper = paper_shelf.latest_paper(self.session, self.meeting.id, "minutes")
        if paper is None:
            raise ValueError("Det finns inget att justera än: handlingen är inte gjord.")
        step = queries.step_of(self.session, self.meeting.id, "minutes")
        if step is not None and step.done is None:
            raise ValueError(BEING_MADE)
        return paper

    def note(self, action: str, thing: str = "", before: str = "", after: str = "") -> None:
        """Writes in the log what was done to these minutes."""
        what = " ".join(filter(None, [f"{self.meeting.key} {self.meeting.slot}", thing]))
        audit.note(self.session, self.office, self.doer, action, what, before, after)


@contextmanager
def _matter(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> Iterator[Matter]:
    """Opens the minutes of a meeting for writing. Raises ValueError for nobody signed in and an unrecorded meeting."""
    if not doer.person or not doer.means:
        raise ValueError("Det här gör du inloggad. En länk i ett mejl räcker inte.")
    with office.archive.write() as session:
        held = session.get_one(Occasion, meeting.id)
        record = minute_book.record_of(session, held.id)
        if record is None:
            raise ValueError("Mötet är inte antecknat än, så det finns inget att justera.")
        yield Matter(session, office, municipality, held, record, doer)


# --- approving -----------------------------------------------------------------------------------------------------


def approve(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, sha256: str) -> bool:
    """Keeps that the doer approves the very bytes with this hash; whether all have now.

    When all have, the meeting is closed and its approved minutes are due (`outcome.take_approval`). Once is enough:
    the same again changes nothing. Raises ValueError where it is not theirs to do, or there is a newer version.
    """
    with _matter(office, municipality, meeting, doer) as matter:
        asked = _asked(matter)
        if doer.person not in asked:
            raise ValueError("Du är inte utsedd att justera det här protokollet.")
        have = {each.person: each for each in _approvals(matter) if each.sha256 == sha256}
        if doer.person in have:
            return matter.record.approved_on is not None
        _still_open(matter)
        paper = matter.newest()
        if paper.sha256 != sha256:
            raise ValueError(CHANGED.format(Text="Protokollet"))
        if _open_correction(matter) is not None:
            raise ValueError(NOT_CORRECTED)
        _sign(matter, paper)
        matter.note("minutes.approve", f"version {paper.version}", after=sha256)
        if left_to_approve(asked, {doer.person, *have}):
            return False
        entry = ApprovalEntry(matter.today, asked)
        take_approval(matter.session, office, matter.meeting, office.now, entry)
        return True


def _sign(matter: Matter, paper: Paper) -> None:
    matter.session.add(
        Approval(
            occasion_id=matter.meeting.id,
            paper_id=paper.id,
            sha256=paper.sha256,
            person=matter.doer.person,
            at=matter.office.now,
            means=matter.doer.means,
        )
    )


def _approvals(matter: Matter) -> list[Approval]:
    return approval_book.approvals_of(matter.session, matter.meeting.id)


def _asked(matter: Matter) -> tuple[str, ...]:
    attendance = minute_book.attendance_of(matter.session, matter.meeting.id)
    return asked_to_approve(matter.municipality, matter.meeting, matter.record, attendance)


def _still_open(matter: Matter) -> None:
    if matter.record.approved_on is not None:
        raise ValueError(
            f"Texten är låst sedan den {short_date(matter.record.approved_on)}. Öppna en rättelse om något ska ändras."
        )


def settle(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, sha256: str) -> None:
    """Marks a group's notes as settled: from here on they are changed by a correction only. No new paper, no mail.

    Raises ValueError for a body whose minutes are approved, and where there is a newer version.
    """
    with _matter(office, municipality, meeting, doer) as matter:
        if not matter.informal:
            raise ValueError("Ett protokoll färdigställs genom att det justeras.")
        if matter.record.approved_on is not None:
            return
        paper = matter.newest()
        if paper.sha256 != sha256:
            raise ValueError(CHANGED.format(Text="Texten"))
        if _open_correction(matter) is not None:
            raise ValueError(NOT_CORRECTED)
        matter.record.approved_on, matter.record.approved_by = matter.today, [doer.person]
        _sign(matter, paper)
        matter.meeting.status = "closed"
        matter.note("minutes.settle", f"version {paper.version}", after=sha256)


def choose_approvers(
    office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, people: Sequence[str]
) -> None:
    """Keeps who is chosen to approve beside the chair. Raises ValueError for somebody who was not at the meeting."""
    with _matter(office, municipality, meeting, doer) as matter:
        _still_open(matter)
        if matter.informal:
            raise ValueError("Minnesanteckningar justeras inte. Markera dem som färdigställda i stället.")
        rows = minute_book.attendance_of(matter.session, meeting.id)
        there = {row.person for row in rows if row.presence == "present"}
        strangers = [municipality.person_name(each) for each in people if each not in there]
        if strangers:
            raise ValueError(f"Den som justerar ska ha varit med på mötet: {', '.join(strangers)} var inte det.")
        chosen = list(dict.fromkeys(people))
        if chosen == matter.record.approvers:
            return
        matter.note("minutes.approvers", before=",".join(matter.record.approvers), after=",".join(chosen))
        matter.record.approvers = chosen
        reopen(matter.session, matter.meeting, "minutes", office.now)  # the paper names them


def remind(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> int:
    """Mails those who have not approved; how many mails were made. Once a day for each of them."""
    with _matter(office, municipality, meeting, doer) as matter:
        _still_open(matter)
        if not _asked(matter):
            raise ValueError("Det finns ingen att påminna: välj först vem som ska justera.")
        matter.newest()
        mails = remind_of_approval(matter.desk, matter.record, mark=f"-{matter.today}")
        if mails:
            matter.note("minutes.remind")
        return mails


# --- remarks and corrections ---------------------------------------------------------------------------------------


def remark(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, text: str) -> None:
    """Keeps what somebody who is to approve wants changed first, for the secretary to see on the page."""
    words = _written(text, "synpunkten")
    with _matter(office, municipality, meeting, doer) as matter:
        _still_open(matter)
        paper = paper_shelf.latest_paper(matter.session, meeting.id, "minutes")
        if paper is None:
            raise ValueError("Det finns inget att lämna synpunkter på än: handlingen är inte gjord.")
        matter.session.add(
            Remark(occasion_id=meeting.id, paper_id=paper.id, text=words, person=doer.person, at=office.now)
        )
        matter.note("minutes.remark", f"version {paper.version}", after=words)


def settle_remark(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, remark_id: int) -> None:
    """Marks a remark as seen to. Raises LookupError where the meeting has no such remark."""
    with _matter(office, municipality, meeting, doer) as matter:
        found = approval_book.remark(matter.session, meeting.id, remark_id)
        if found is None:
            raise LookupError(remark_id)
        if found.settled is None:
            found.settled = office.now
            matter.note("minutes.remark.settle", str(remark_id))


def correct(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, reason: str) -> None:
    """Opens approved minutes for correction. The approved version stays what it was; the next one gives the reason.

    Raises ValueError without a reason, and where nothing is approved.
    """
    words = _written(reason, "skälet")
    with _matter(office, municipality, meeting, doer) as matter:
        if matter.record.approved_on is None:
            raise ValueError("Texten är inte justerad och kan ändras utan rättelse.")
        paper = matter.newest()
        open_correction(matter.session, office, municipality, matter.meeting, matter.record, words, doer.person)
        matter.note("minutes.correct", f"version {paper.version}", before=paper.sha256, after=words)


def withdraw_correction(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> None:
    """Closes a correction under which nothing was changed: the approved version holds again, as it was.

    Raises ValueError where no correction is open, or something has been changed under it.
    """
    with _matter(office, municipality, meeting, doer) as matter:
        opened = _open_correction(matter)
        if opened is None:
            raise ValueError("Det finns ingen rättelse att ångra: en ny version är redan gjord, eller ingen är öppen.")
        matter.record.approved_on, matter.record.approved_by = opened.approved_on, opened.approved_by
        matter.meeting.status = "closed"
        close(matter.session, matter.meeting, "approval", office.now, f"justerat {short_date(opened.approved_on)}")
        matter.note("minutes.correct.withdraw", before=opened.reason)
        matter.session.delete(opened)


def _open_correction(matter: Matter) -> Correction | None:
    """The correction under which no new version has been made yet."""
    corrections = approval_book.corrections_of(matter.session, matter.meeting.id)
    if not corrections or matter.record.approved_on is not None:
        return None
    return corrections[-1] if corrections[-1].paper_id == matter.newest().id else None


def _written(text: str, what: str) -> str:
    words = text.strip()
    if not words:
        raise ValueError(f"Skriv {what}.")
    if len(words) > LONGEST:
        raise ValueError(f"Texten har {len(words)} tecken, men får ha högst {LONGEST}.")
    return words


# --- what is told outside ------------------------------------------------------------------------------------------


def announce(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, posted: date) -> None:
    """Keeps that the notice of the approval is up since `posted`. Raises ValueError for a day that cannot be."""
    with _matter(office, municipality, meeting, doer) as matter:
        approved = matter.record.approved_on
        if not is_announced(municipality.bodies[meeting.key].formality):
            raise ValueError("Bara protokoll från fullmäktige och nämnder tillkännages på anslagstavlan.")
        if approved is None:
            raise ValueError("Protokollet måste justeras innan det kan anslås.")
        if not approved <= posted <= matter.today:
            raise ValueError(f"Välj en dag från den {short_date(approved)}, då protokollet justerades, till i dag.")
        notice = approval_book.notice_of(matter.session, meeting.id)
        if notice is None:
            notice = PublicNotice(occasion_id=meeting.id)
            matter.session.add(notice)
        elif notice.posted == posted:
            return
        before = str(notice.posted or "")
        notice.posted, notice.until, notice.person = posted, appeal_ends(posted), doer.person
        matter.note("minutes.announce", before=before, after=str(posted))


def publish(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> Paper:
    """Makes the public copy of the approved minutes. Raises ValueError, in Swedish, where it cannot be made."""
    with _matter(office, municipality, meeting, doer) as matter:
        if matter.record.approved_on is not None:
            matter.newest()
        paper = make_public(matter.desk, draft_minutes(matter.desk, matter.record))
        if paper.made == office.now:
            matter.note("minutes.publish", f"version {paper.version}", after=paper.sha256)
        return paper
