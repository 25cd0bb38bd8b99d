"""The way in by mail: whoever asks gets a link and a code, good once and only in the browser that asked.

That a mail scanner opens links and even presses buttons is why neither works without that browser's cookie.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.people import Person
from governance.papers.mail import Mail, compose, message_id
from governance.papers.post import FolderPost
from governance.secretariat import audit
from governance.secretariat.delivery import mail_folder, smtp_of
from governance.secretariat.door import SignedIn, hashed, note_for, open_session, persons
from governance.secretariat.office import Office
from governance.secretariat.outbox import domain_of, sender_of
from governance.store.door_tables import Identity, SignIn, SignInTry, WebSession

LASTS = timedelta(minutes=15)
HOUR = timedelta(hours=1)
PER_ADDRESS, PER_CALLER = 5, 20  # mails asked for in an hour
ATTEMPTS = 5  # at a code
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another, or for a digit
CODE = 8

Why = Literal["gone", "elsewhere", "wrong"]


class TooMany(Exception):
    """Somebody has asked too often; `retry` is the seconds until they may ask again."""

    def __init__(self, retry: int) -> None:
        super().__init__(f"try again in {retry} s")
        self.retry = retry


class NotIn(Exception):
    """A link or a code does not let in: it is `gone`, belongs to another browser (`elsewhere`), or is `wrong`."""

    def __init__(self, why: Why, left: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.left = left  # attempts


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who the municipality's own sign-in says it is: the issuer and its name for them."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A link and a code on their way to somebody. Their secrets exist here and in the mail alone."""

    town: Municipality
    person: Person
    token: str
    code: str

    @property
    def printed_code(self) -> str:
        """The code as it is read: in two halves."""
        return f"{self.code[:4]}-{self.code[4:]}"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in: the session's key for their cookie, and where they were going."""

    key: str
    onward: str


def ask(
    office: Office,
    address: str,
    caller: str,
    browser: str,
    onward: str = "",
    vouched: Vouched | None = None,
    base: str = "",
) -> Letter | None:
    """Prepares a way in for an address; what is written is as much for one that nobody has, which gives None.

    `caller` names the computer that asks, `browser` is the secret in its cookie. With `vouched` the mail binds that
    identity to the address. Where several municipalities know the address, the one at `base` sends the mail.
    Raises TooMany.
    """
    wanted = address.casefold()
    means, issuer = ("oidc", vouched.issuer) if vouched else ("mail-link", "")
    found = sorted(persons(office, wanted, means, issuer), key=lambda pair: pair[0].base_url != base)
    token, code = secrets.token_urlsafe(32), "".join(secrets.choice(LETTERS) for _ in range(CODE))
    with office.archive.write() as session:
        _limit(session, office, hashed(f"address {wanted}"), PER_ADDRESS)
        _limit(session, office, hashed(f"caller {caller}"), PER_CALLER)
        session.execute(delete(SignInTry).where(SignInTry.at < office.now - HOUR))
        session.execute(delete(SignIn).where(SignIn.expires < office.now - HOUR))
        session.add(
            SignIn(
                address=wanted if found else "",
                token_hash=hashed(token),
                code_hash=_code_hash(code, browser),
                nonce_hash=hashed(browser),
                made=office.now,
                expires=office.now + LASTS,
                onward=onward,
                issuer=issuer,
                subject=vouched.subject if vouched else "",
            )
        )
    return Letter(*found[0], token, code) if found else None


def _limit(session: Session, office: Office, key: str, most: int) -> None:
    """Counts a try. Raises TooMany, and then nothing of it is kept."""
    recent = SignInTry.key == key, SignInTry.at > office.now - HOUR
    number, first = session.execute(select(func.count(), func.min(SignInTry.at)).where(*recent)).one()
    if number >= most:
        raise TooMany(max(1, int((first + HOUR - office.now).total_seconds()) + 1))
    session.add(SignInTry(key=key, at=office.now))


def _code_hash(code: str, browser: str) -> str:
    """A code is short: without the browser's secret its hash could be found by trying them all."""
    return hashed(f"{browser} {code}")


def send(office: Office, letter: Letter, base: str) -> Path | None:
    """Sends the mail, with its link at `base`; where mail goes to a folder (or nowhere), the file it lies in.

    Raises Deferred or Refused where the mail server does not take it.
    """
    town, person = letter.town, letter.person
    local = office.now.astimezone(town.timezone)
    written = office.templates.letter(
        "sign_in",
        recipient_name=person.name,
        municipality=town.name,
        url=f"{base}/logga-in/lank/{letter.token}",
        code=letter.printed_code,
        minutes=int(LASTS.total_seconds() // 60),
        sender_name=town.contact.name,
    )
    mark = hashed(letter.token)[:12]
    data = compose(
        Mail(
            message_id=message_id(mark, 0, "sign-in", person.email, domain_of(town)),
            date=local,
            sender=sender_of(town, None),
            recipient=(person.name, person.email),
            subject=written.subject,
            text=written.text,
            html=written.html,
            reminder=True,
        )
    )
    if town.delivery.mail == "smtp":
        with smtp_of(town) as post:
            post.send(town.contact.email, person.email, data)
        return None
    folder = mail_folder(office, town)
    name = f"{local:%Y-%m-%d_%H%M}_inloggning_{person.id}_{mark}.eml"
    FolderPost(folder).send(name, data)
    return folder / name


# --- in ------------------------------------------------------------------------------------------------------------


def link_leads(session: Session, now: datetime, token: str, browser: str) -> Why | Literal["in"]:
    """What a link would do in this browser; asking changes nothing."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == hashed(token), SignIn.code_hash != ""))
    if row is None or not _live(row, now):
        return "gone"
    return "in" if browser and row.nonce_hash == hashed(browser) else "elsewhere"


def by_link(office: Office, token: str, browser: str, former: SignedIn | None = None, request: str = "") -> Entered:
    """Lets in by the link. Raises NotIn: `gone`, or `elsewhere`, which leaves the link as good as it was."""
    with office.archive.write() as session:
        where = link_leads(session, office.now, token, browser)
        row = session.scalar(select(SignIn).where(SignIn.token_hash == hashed(token)))
        if where == "in" and row is not None:
            return _let_in(session, office, row, former, request)
        if where == "elsewhere" and row is not None:
            _note_refused(session, office, [row], "link", request)
    raise NotIn("elsewhere" if where == "elsewhere" else "gone")


def by_code(office: Office, typed: str, browser: str, former: SignedIn | None = None, request: str = "") -> Entered:
    """Lets in by the code of any mail this browser asked for. Raises NotIn: `gone`, or `wrong` with what is left."""
    code = "".join(typed.upper().split()).replace("-", "").replace("–", "")
    with office.archive.write() as session:
        asked = select(SignIn).where(SignIn.nonce_hash == hashed(browser), SignIn.code_hash != "")
        rows = [row for row in session.scalars(asked.order_by(SignIn.id)) if browser and _live(row, office.now)]
        hit = next((row for row in rows if row.code_hash == _code_hash(code, browser)), None)
        if hit is not None and hit.address:
            return _let_in(session, office, hit, former, request)
        for row in rows:
            row.attempts += 1
        if rows:
            _note_refused(session, office, rows, "code", request)
    left = max((ATTEMPTS - row.attempts for row in rows), default=0)
    raise NotIn("wrong", left) if left > 0 else NotIn("gone")


def _live(row: SignIn, now: datetime) -> bool:
    return row.used is None and row.expires > now and row.attempts < ATTEMPTS


def _note_refused(session: Session, office: Office, rows: Sequence[SignIn], what: str, request: str) -> None:
    """Notes a failure once in each municipality it concerns; where the address is nobody's, in none."""
    towns: dict[str, str] = {}
    for row in rows:
        for town, person in persons(office, row.address, "oidc" if row.issuer else "mail-link", row.issuer):
            towns.setdefault(town.id, person.id)
    for town_id, person_id in (towns or {"": ""}).items():
        doer = audit.Doer(person_id, municipality=town_id, request=request)
        audit.note(session, office, doer, "session.refused", what)


def _let_in(session: Session, office: Office, row: SignIn, former: SignedIn | None, request: str) -> Entered:
    """Uses up everything this browser has asked for, binds the identity the mail was for, and opens the session."""
    means = "oidc" if row.issuer else "mail-link"
    session.execute(
        update(SignIn)
        .where(SignIn.nonce_hash == row.nonce_hash, SignIn.used.is_(None))
        .values(used=office.now)
        .execution_options(synchronize_session=False)
    )
    if row.issuer:
        bind(session, office, Vouched(row.issuer, row.subject), row.address)
    return enter(session, office, row.address, means, row.issuer, former, request, row.onward)


def bind(session: Session, office: Office, vouched: Vouched, address: str) -> None:
    """Keeps which address an identity belongs to; the first one stands."""
    if address_of(session, vouched) is None:
        session.add(Identity(issuer=vouched.issuer, subject=vouched.subject, address=address, made=office.now))


def address_of(session: Session, vouched: Vouched) -> str | None:
    """The address an identity is bound to."""
    return session.scalar(
        select(Identity.address).where(Identity.issuer == vouched.issuer, Identity.subject == vouched.subject)
    )


def enter(
    session: Session,
    office: Office,
    address: str,
    means: str,
    issuer: str = "",
    former: SignedIn | None = None,
    request: str = "",
    onward: str = "",
) -> Entered:
    """A new session, the one this browser had before ended, and both noted. Raises NotIn for nobody's address."""
    signed = SignedIn(0, address, means, stale=False, issuer=issuer)
    if not persons(office, address, means, issuer):
        raise NotIn("gone")
    if former is not None:
        session.execute(update(WebSession).where(WebSession.id == former.id).values(ended=office.now))
    key = open_session(session, office, address, means, issuer)
    note_for(session, office, signed, "session.begin", request)
    return Entered(key, onward)
