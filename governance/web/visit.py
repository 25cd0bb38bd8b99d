"""One visit to a page: who came, to what, with what; and the answers a page can give."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from governance.model.access import AccessRole, Level, Right, may, roles_in, visible
from governance.model.body import Body, Municipality
from governance.model.people import Person
from governance.secretariat.audit import Doer
from governance.secretariat.door import SignedIn
from governance.secretariat.office import Office
from governance.store.tables import Occasion
from governance.web.hall import Hall

MOST_FIELDS = 1000  # of a form
LOST = "Sidan finns inte, eller så har du inte rätt att se den."


class Refused(Exception):
    """The visit cannot be answered: an HTTP status and why, in Swedish."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Form:
    """A form's or a query's fields."""

    fields: tuple[tuple[str, str], ...] = ()

    def text(self, name: str) -> str:
        """A field's text, trimmed, with plain line breaks; "" where it is not there."""
        return next((value for key, value in self.fields if key == name), "").replace("\r\n", "\n").strip()

    def raw(self, name: str) -> str:
        """A field's text as it came, but with plain line breaks."""
        return next((value for key, value in self.fields if key == name), "").replace("\r\n", "\n")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return tuple(value for key, value in self.fields if key == name)

    def __contains__(self, name: object) -> bool:
        """Whether the field was sent."""
        return any(key == name for key, _ in self.fields)

    def number(self, name: str) -> int | None:
        """A whole number, None where the field is empty. Raises ValueError, in Swedish, where it is none."""
        text = self.text(name)
        if not text:
            return None
        if not text.isdigit() or len(text) > 6:
            raise ValueError(f"”{text[:40]}” är inget heltal.")
        return int(text)

    def day(self, name: str) -> date | None:
        """A date as browsers send it (2027-03-18), None where the field is empty. Raises ValueError, in Swedish."""
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"”{text[:40]}” är inget datum. Skriv till exempel 2027-03-18.") from error


def parsed(body: bytes) -> Form:
    """The fields of a form or a query. Raises Refused where they are too many or no text."""
    try:
        found = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except UnicodeDecodeError as error:
        raise Refused(400, "Formuläret går inte att läsa.") from error
    except ValueError as error:
        raise Refused(400, "Formuläret har för många fält.") from error
    if any("\x00" in key or "\x00" in value for key, value in found):
        raise Refused(400, "Formuläret går inte att läsa.")
    return Form(tuple(found))


@dataclass
class Visit:
    """What a page's function is handed. What the path names is there, seen by somebody who may see it."""

    hall: Hall
    office: Office
    request: Request
    session: Session  # for questions; what it changes is thrown away
    signed: SignedIn | None = None
    towns: tuple[tuple[Municipality, Person], ...] = ()  # where the visitor's address belongs to somebody
    town: Municipality | None = None
    person: Person | None = None
    body: Body | None = None
    meeting: Occasion | None = None
    form: Form = field(default_factory=Form)
    query: Form = field(default_factory=Form)
    raw: bytes = b""  # the request's body as it came
    key: str = field(default_factory=lambda: secrets.token_hex(8))  # of this request, for the log

    # --- who, where, when ------------------------------------------------------------------------------------------

    @property
    def here(self) -> Municipality:
        """The municipality of the path. Raises AssertionError on pages without one."""
        assert self.town is not None
        return self.town

    @property
    def me(self) -> Person:
        """The visitor. Raises AssertionError on pages that need no signing in."""
        assert self.person is not None
        return self.person

    @property
    def organ(self) -> Body:
        """The body of the path."""
        assert self.body is not None
        return self.body

    @property
    def occasion(self) -> Occasion:
        """The meeting of the path."""
        assert self.meeting is not None
        return self.meeting

    @property
    def now(self) -> datetime:
        """The moment of the visit, with the municipality's zone."""
        return self.office.now.astimezone(self.town.timezone) if self.town else self.office.now

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()

    def roles(self, body: Body | None = None) -> frozenset[AccessRole]:
        """The visitor's roles in a body (default: the path's), on the meeting's day or today."""
        chosen = body or self.organ
        if self.person is None:
            return frozenset()
        found = roles_in(self.here, chosen, self.person.id, self.today)
        if self.meeting is not None and self.meeting.key == chosen.id:
            found |= roles_in(self.here, chosen, self.person.id, self.meeting.day)
        return found

    def may(self, right: Right, wanted: Level = "L", body: Body | None = None) -> bool:
        """Whether the visitor may read or write what the right names, in a body (default: the path's)."""
        return may(self.roles(body), right, wanted)

    def require(self, right: Right, wanted: Level = "L", body: Body | None = None) -> None:
        """Raises Refused (403) unless the visitor may."""
        if not self.may(right, wanted, body):
            raise Refused(403, "Din roll ger inte rätt att se eller ändra det här.")

    @property
    def doer(self) -> Doer:
        """The visitor as the log names them."""
        roles = sorted(self.roles()) if self.body is not None else []
        return Doer(
            person=self.person.id if self.person else "",
            role=roles[0] if len(roles) == 1 else ",".join(roles)[:20],
            municipality=self.town.id if self.town else "",
            body=self.body.id if self.body else "",
            request=self.key,
            means=self.signed.means if self.signed else "",
        )

    @property
    def bodies(self) -> tuple[str, ...]:
        """The ids of the bodies the visitor may see here."""
        return visible(self.here, self.person.id, self.today) if self.person else ()

    def path(self, *parts: object) -> str:
        """A path in this municipality: `visit.path("organ", body.id)`."""
        return "/".join(["", self.here.id, *map(str, parts)])

    def meeting_path(self, *parts: object) -> str:
        """A path below the meeting of the visit."""
        return self.path("organ", self.organ.id, self.occasion.slot, *parts)

    # --- answers ---------------------------------------------------------------------------------------------------

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page drawn from a template in templates/pages."""
        return HTMLResponse(self.hall.draw(template, visit=self, **context), status_code=status)

    def json(self, content: Mapping[str, Any] | Sequence[Any], status: int = 200) -> Response:
        """An answer to the script, or to another program."""
        return JSONResponse(content, status_code=status)

    def file(self, data: bytes, name: str, media: str) -> Response:
        """A file to download, under an ASCII name."""
        return Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def go(self, path: str, said: str = "") -> Response:
        """On to another page after something was done (303). `said` names a message in templates/pages/said.html.j2."""
        return RedirectResponse(f"{path}?klart={said}" if said else path, status_code=303)


@contextmanager
def asked(hall: Hall, request: Request) -> Iterator[Visit]:
    """A visit that has not been let in yet."""
    office = hall.office()
    with hall.archive.read() as session:
        yield Visit(hall, office, request, session, query=parsed(request.url.query.encode()))
