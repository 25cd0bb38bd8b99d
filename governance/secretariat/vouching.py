"""The way in by the municipality's own sign-in: sent out with a state, back with an identity, bound once to an address.

Nothing secret is stored: what must be remembered is made anew from the browser's cookie and the state.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.secretariat import audit
from governance.secretariat.door import SignedIn, hashed, persons
from governance.secretariat.office import Office
from governance.secretariat.sign_in import LASTS, Entered, NotIn, Vouched, address_of, bind, enter
from governance.store.door_tables import SignIn


@dataclass(frozen=True, slots=True)
class Journey:
    """One way out to an issuer and back."""

    id: int
    issuer: str
    onward: str


def derived(browser: str, state: str, what: str) -> str:
    """A secret of one journey (`verifier`, `nonce`), 43 letters, known only to whoever has the browser's cookie."""
    made = hmac.new(browser.encode(), f"{what} {state}".encode(), sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def set_out(office: Office, issuer: str, browser: str, onward: str = "") -> str:
    """Notes that a browser is on its way to the issuer, and returns the state that must come back."""
    state = secrets.token_urlsafe(32)
    with office.archive.write() as session:
        session.add(
            SignIn(
                address="",
                token_hash=hashed(state),
                code_hash="",
                nonce_hash=hashed(browser),
                made=office.now,
                expires=office.now + LASTS,
                onward=onward,
                issuer=issuer,
            )
        )
    return state


def came_back(office: Office, state: str, browser: str) -> Journey:
    """The journey that ends here; it ends once. Raises NotIn: another browser's, too old, or back already."""
    with office.archive.write() as session:
        row = session.scalar(
            select(SignIn).where(
                SignIn.token_hash == hashed(state),
                SignIn.nonce_hash == hashed(browser),
                SignIn.code_hash == "",
                SignIn.used.is_(None),
                SignIn.expires > office.now,
            )
        )
        if row is None or not browser:
            raise NotIn("gone")
        row.used = office.now
        return Journey(row.id, row.issuer, row.onward)


def arrive(
    office: Office,
    journey: Journey,
    subject: str,
    verified: str = "",
    former: SignedIn | None = None,
    request: str = "",
) -> Entered | None:
    """Lets an identity in by the address it is bound to, or by one the issuer has `verified` and we may trust.

    None where it is bound to none yet: then it is kept for a quarter of an hour, for this browser to bind by mail.
    Raises NotIn where its address is nobody's any more.
    """
    vouched = Vouched(journey.issuer, subject)
    with office.archive.write() as session:
        address = address_of(session, vouched)
        if address is None and persons(office, verified.casefold(), "oidc", journey.issuer):
            address = verified.casefold()
            bind(session, office, vouched, address)
        if address is not None:
            return enter(session, office, address, "oidc", journey.issuer, former, request, journey.onward)
        kept = {"subject": subject, "expires": office.now + LASTS}
        session.execute(update(SignIn).where(SignIn.id == journey.id).values(**kept))
    return None


def unbound(session: Session, now: datetime, browser: str) -> tuple[Vouched, str] | None:
    """The identity that this browser has shown and that waits to be bound to an address, and where it was going."""
    row = session.scalar(
        select(SignIn)
        .where(
            SignIn.nonce_hash == hashed(browser),
            SignIn.code_hash == "",
            SignIn.subject != "",
            SignIn.expires > now,
        )
        .order_by(SignIn.id.desc())
        .limit(1)
    )
    return (Vouched(row.issuer, row.subject), row.onward) if row is not None and browser else None


def refused(office: Office, issuer: str, request: str) -> None:
    """Notes that an issuer's answer was not to be believed, in the log of each municipality that uses it."""
    with office.archive.write() as session:
        for town in office.municipalities:
            if town.sign_in.door == "oidc" and town.sign_in.issuer == issuer:
                doer = audit.Doer(municipality=town.id, request=request, means="oidc")
                audit.note(session, office, doer, "session.refused", "oidc")
