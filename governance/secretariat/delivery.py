"""Sends what lies in the outbox: to a folder, or by SMTP. The bytes were finished when they were stored."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from governance import disk
from governance.model.body import Municipality
from governance.papers.post import Deferred, FolderPost, Refused, SmtpPost, given_up, retry_after
from governance.secretariat.office import Done, Office
from governance.store import paper_shelf
from governance.store.tables import Dispatch

BATCH = 100
FEWEST = 5  # attempts before a mail is given up, also one that lay long before its first
LEASE = timedelta(minutes=15)


class FolderProblem(Exception):
    """The folder that papers are laid in cannot be written to; the message says why, in Swedish."""


def deliver(office: Office, municipality: Municipality) -> list[Done]:
    """Sends everything queued; the number sent, deferred and refused.

    A mail is marked after it has left, so a crash between the two sends the same bytes again: the same Message-ID,
    the same file. To a folder that changes nothing; SMTP cannot promise more (calendar.md 5.1).
    """
    if office.dry_run or municipality.delivery.mail == "dry-run":
        return []  # also what was queued before
    if municipality.delivery.mail == "smtp":
        return _report(municipality, *_by_smtp(office, municipality))
    try:
        return _report(municipality, *_to_folder(office, municipality))
    except Deferred as delay:
        return [Done("delivery", municipality.id, "Utkorgen", str(delay), failed=True)]


def mail_folder(office: Office, municipality: Municipality) -> Path:
    """Where a folder delivery lays its mails."""
    if municipality.delivery.folder:
        return Path(municipality.delivery.folder)
    return office.folder / municipality.id / "mejl"


def _report(municipality: Municipality, sent: int, deferred: int, refused: int) -> list[Done]:
    if not sent + deferred + refused:
        return []
    parts = [f"{sent} {'skickat' if sent == 1 else 'skickade'}"]
    if deferred:
        parts.append(f"{deferred} väntar på nytt försök")
    if refused:
        parts.append(f"{refused} {'avvisat' if refused == 1 else 'avvisade'}")
    failed = bool(deferred or refused)
    return [Done("delivery", municipality.id, "Utkorgen", ", ".join(parts), mails=sent, failed=failed)]


def _to_folder(office: Office, municipality: Municipality) -> tuple[int, int, int]:
    """Lays a batch of files, then marks it in one transaction. Raises Deferred where the folder cannot be written."""
    folder = _post_to(office, mail_folder(office, municipality))
    sent = 0
    while True:
        with office.archive.ask() as asking:
            mails = paper_shelf.queued_mails(asking, municipality.id, office.now, BATCH)
        for _, name, data in mails:
            folder.send(name, data)
        if mails:
            with office.archive.write() as session:
                sent += paper_shelf.mark_sent(session, [each for each, _, _ in mails], office.now)
        if len(mails) < BATCH:
            return sent, 0, 0


def _post_to(office: Office, folder: Path) -> FolderPost:
    """The folder's post, one while the office is open: it clears away a killed run's unfinished files once."""
    post = office.pristine.setdefault(f"post {folder}", FolderPost(folder))
    assert isinstance(post, FolderPost)
    return post


def smtp_of(municipality: Municipality) -> SmtpPost:
    """The municipality's mail server; user and password come from the environment."""
    settings = municipality.delivery
    return SmtpPost(
        settings.host,
        settings.port,
        starttls=settings.starttls,
        user=os.environ.get("KADENS_SMTP_USER", ""),
        password=os.environ.get("KADENS_SMTP_PASSWORD", ""),
    )


def _by_smtp(office: Office, municipality: Municipality) -> tuple[int, int, int]:
    """One connection, and no more a minute than the config allows.

    Each mail is leased, sent and marked: no transaction stands open while the server thinks, and two runs never
    send the same mail. What a killed run had leased is sent again, the same bytes, when the lease has run out.
    """
    with office.archive.read() as session:
        ids = paper_shelf.queued(session, municipality.id, office.now, municipality.delivery.per_minute)
    counts = {"sent": 0, "queued": 0, "failed": 0}
    with smtp_of(municipality) if ids else nullcontext() as post:
        for each in ids:
            with office.archive.write() as session:
                dispatch = paper_shelf.lease(session, each, office.now, office.now + LEASE)
            if dispatch is not None and post is not None:
                counts[_send(office, municipality, post, dispatch)] += 1
    return counts["sent"], counts["queued"], counts["failed"]


def _send(office: Office, municipality: Municipality, post: SmtpPost, dispatch: Dispatch) -> str:
    outcome: dict[str, Any]
    try:
        post.send(municipality.contact.email, dispatch.address, dispatch.data)
    except (Refused, ValueError) as refusal:
        outcome = {"state": "failed", "problem": str(refusal)}
    except Deferred as delay:
        tried = dispatch.attempts >= FEWEST and given_up(dispatch.made, office.now)
        state = "failed" if tried else "queued"
        outcome = {"state": state, "problem": str(delay), "retry": office.now + retry_after(dispatch.attempts)}
    else:
        outcome = {"state": "sent", "problem": "", "sent": office.now}
    with office.archive.write() as session:
        session.execute(update(Dispatch).where(Dispatch.id == dispatch.id).values(**outcome))
    return str(outcome["state"])


def lay_papers(office: Office, municipality: Municipality, folder: Path | None = None) -> int:
    """Writes every paper made to `folder` (default: the municipality's own), once; the number of new files.

    Raises FolderProblem where the folder cannot be written to; what is missing is laid by the next run.
    """
    place = (folder or office.folder) / municipality.id / "handlingar"
    new = 0
    with office.archive.read() as session:
        for paper_id, name in paper_shelf.paper_names(session, municipality.id):
            path = place / f"{name}.docx"
            if path.exists():
                continue
            paper = paper_shelf.paper(session, paper_id)
            # The Word file last: that it is there says that both are.
            post = _post_to(office, path.parent)
            try:
                post.send(path.with_suffix(".html").name, paper.html.encode())
                post.send(path.name, paper.docx)
            except Deferred as delay:
                why = disk.reason(delay.__cause__) if isinstance(delay.__cause__, OSError) else str(delay)
                raise FolderProblem(
                    f"Handlingarna kunde inte läggas i mappen {path.parent}: {why}. De är sparade i databasen; "
                    "kör igen när mappen går att skriva i."
                ) from delay
            new += 1
    return new
