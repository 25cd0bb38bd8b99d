"""Sends what lies in the outbox: to a folder, or by SMTP. The bytes were finished when they were stored."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import update

from governance.model.body import Municipality
from governance.papers.post import Deferred, FolderPost, Refused, SmtpPost, given_up, retry_after
from governance.secretariat.office import Done, Office
from governance.store import queries
from governance.store.tables import Dispatch

BATCH = 100


def deliver(office: Office, municipality: Municipality) -> list[Done]:
    """Sends everything queued; the number sent, deferred and refused.

    A mail is marked after it has left, so a crash between the two sends the same bytes again: the same Message-ID,
    the same file. To a folder that changes nothing; SMTP cannot promise more (calendar.md 5.1).
    """
    if municipality.delivery.mail == "smtp":
        return _report(municipality, *_by_smtp(office, municipality))
    return _report(municipality, *_to_folder(office, municipality))


def mail_folder(office: Office, municipality: Municipality) -> Path:
    """Where a folder delivery lays its mails."""
    if municipality.delivery.folder:
        return Path(municipality.delivery.folder)
    return office.folder / municipality.id / "mejl"


def _report(municipality: Municipality, sent: int, deferred: int, refused: int) -> list[Done]:
    if not sent + deferred + refused:
        return []
    parts = [f"{sent} skickade"]
    if deferred:
        parts.append(f"{deferred} väntar på nytt försök")
    if refused:
        parts.append(f"{refused} avvisade")
    failed = bool(deferred or refused)
    return [Done("delivery", municipality.id, "Utkorgen", ", ".join(parts), mails=sent, failed=failed)]


def _to_folder(office: Office, municipality: Municipality) -> tuple[int, int, int]:
    """Lays a batch of files, then marks it in one transaction. Raises Deferred where the folder cannot be written."""
    folder = FolderPost(mail_folder(office, municipality))
    sent = 0
    while True:
        with office.archive.read() as session:
            ids = queries.queued(session, municipality.id, office.now, BATCH)
            mails = queries.mails(session, ids)
        if not mails:
            return sent, 0, 0
        for _, name, data in mails:
            folder.send(name, data)
        with office.archive.write() as session:
            session.execute(
                update(Dispatch)
                .where(Dispatch.id.in_([each for each, _, _ in mails]))
                .values(state="sent", sent=office.now, attempts=Dispatch.attempts + 1)
            )
        sent += len(mails)


def _smtp(municipality: Municipality) -> SmtpPost:
    settings = municipality.delivery
    return SmtpPost(
        settings.host,
        settings.port,
        starttls=settings.starttls,
        user=os.environ.get("KADENS_SMTP_USER", ""),
        password=os.environ.get("KADENS_SMTP_PASSWORD", ""),
    )


def _by_smtp(office: Office, municipality: Municipality) -> tuple[int, int, int]:
    """One connection, one transaction for each mail, and no more a minute than the config allows."""
    with office.archive.read() as session:
        ids = queries.queued(session, municipality.id, office.now, municipality.delivery.per_minute)
    counts = {"sent": 0, "queued": 0, "failed": 0}
    with _smtp(municipality) if ids else nullcontext() as post:
        for each in ids:
            with office.archive.write() as session:
                dispatch = session.get_one(Dispatch, each)
                if dispatch.state == "queued" and post is not None:
                    counts[_send(office, municipality, post, dispatch)] += 1
    return counts["sent"], counts["queued"], counts["failed"]


def _send(office: Office, municipality: Municipality, post: SmtpPost, dispatch: Dispatch) -> str:
    dispatch.attempts += 1
    try:
        post.send(municipality.contact.email, dispatch.address, dispatch.data)
    except Refused as refusal:
        dispatch.state, dispatch.problem = "failed", str(refusal)
    except Deferred as delay:
        dispatch.problem = str(delay)
        dispatch.retry = office.now + retry_after(dispatch.attempts)
        if given_up(dispatch.made, office.now):
            dispatch.state = "failed"
    else:
        dispatch.state, dispatch.sent, dispatch.problem = "sent", office.now, ""
    return dispatch.state


def lay_papers(office: Office, municipality: Municipality, folder: Path | None = None) -> int:
    """Writes every paper made to `folder` (default: the municipality's own), once; the number of new files.

    Raises OSError where the folder cannot be written.
    """
    place = (folder or office.folder) / municipality.id / "handlingar"
    new = 0
    with office.archive.read() as session:
        for paper_id, name in queries.paper_names(session, municipality.id):
            path = place / f"{name}.docx"
            if path.exists():
                continue
            paper = queries.paper(session, paper_id)
            FolderPost(path.parent).send(path.name, paper.docx)
            FolderPost(path.parent).send(path.with_suffix(".html").name, paper.html.encode())
            new += 1
    return new
