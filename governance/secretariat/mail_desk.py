"""Mail held back to be read first, released, stopped, and sent once more: the same bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update

from governance.model.body import Municipality
from governance.secretariat.agenda_desk import NotHere
from governance.secretariat.audit import Doer, note
from governance.secretariat.office import Office
from governance.store import agenda_book, meeting_folder
from governance.store.desk_tables import DraftMode
from governance.store.tables import Dispatch, Occasion


def set_draft_mode(office: Office, municipality: Municipality, body: str, doer: Doer, *, on: bool) -> None:
    """Holds back a body's mail from now on, or lets new mail leave again; what is held stays until it is released."""
    with office.archive.write() as session:
        if agenda_book.draft_mode(session, municipality.id, body) == on:
            return
        if on:
            session.add(DraftMode(municipality=municipality.id, body=body, begun=office.now, person=doer.person))
        else:
            session.execute(delete(DraftMode).filter_by(municipality=municipality.id, body=body))
        note(session, office, doer, "mail.draft-mode", body, "" if on else "på", "på" if on else "")


def release(office: Office, municipality: Municipality, meeting: Occasion, mail_id: int | None, doer: Doer) -> int:
    """Lets one held mail leave, or with None all of the meeting's; how many. Raises NotHere."""
    return _settle(office, municipality, meeting, mail_id, doer, "release", {"state": "queued", "retry": office.now})


def stop(office: Office, municipality: Municipality, meeting: Occasion, mail_id: int | None, doer: Doer) -> int:
    """Stops one held mail, or with None all of the meeting's, for good; how many. Raises NotHere."""
    words = f"Stoppat av {municipality.person_name(doer.person)}"
    return _settle(office, municipality, meeting, mail_id, doer, "stop", {"state": "withheld", "problem": words})


def _settle(
    office: Office,
    municipality: Municipality,
    meeting: Occasion,
    mail_id: int | None,
    doer: Doer,
    verb: str,
    outcome: dict[str, Any],
) -> int:
    with office.archive.write() as session:
        if mail_id is not None and meeting_folder.mail(session, meeting, mail_id) is None:
            raise NotHere
        held = update(Dispatch).where(
            Dispatch.municipality == municipality.id, Dispatch.occasion_id == meeting.id, Dispatch.state == "held"
        )
        if mail_id is not None:
            held = held.where(Dispatch.id == mail_id)
        changed = int(session.execute(held.values(**outcome)).rowcount)  # type: ignore[attr-defined]
        if changed:
            which = "alla" if mail_id is None else str(mail_id)
            note(session, office, doer, f"mail.{verb}", f"{meeting.key}/{meeting.slot}/{which}")
        return changed


def send_again(office: Office, municipality: Municipality, meeting: Occasion, mail_id: int, doer: Doer) -> None:
    """Puts a mail that was sent, or did not arrive, back in the queue: the same bytes. Raises NotHere, ValueError.

    The receiving mailbox knows it again by its Message-ID if it has it already.
    """
    with office.archive.write() as session:
        mail = meeting_folder.mail(session, meeting, mail_id)
        if mail is None:
            raise NotHere
        if mail.state == "queued":
            return
        if mail.state not in {"sent", "failed"}:
            raise ValueError("Mejlet har aldrig skickats och kan inte skickas igen.")
        if mail.person not in municipality.people:
            raise ValueError("Personen finns inte längre i konfigurationen.")
        mail.state, mail.retry, mail.attempts, mail.problem = "queued", office.now, 0, ""
        note(session, office, doer, "mail.again", f"{meeting.key}/{meeting.slot}/{mail.id}")
