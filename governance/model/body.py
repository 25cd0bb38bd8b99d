"""The municipality's governance as the config says it: bodies, their seats and rhythms, products, duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from governance.model.agreement import CooperationAgreement
from governance.model.cadence import Cadence, Change, ClashRule, Recess, WorkCalendar
from governance.model.deadlines import LeadTimes
from governance.model.duties import LawDuties
from governance.model.people import Organisation, Person, Seat

Tier = Literal[
    "assembly",
    "committee",
    "steering",
    "council",
    "preparatory",
    "operational",
    "working-group",
    "area",
]
Formality = Literal["statutory", "regulated", "informal"]
ItemKind = Literal["decision", "information", "discussion", "follow-up", "formality"]
ItemSource = Literal[
    "action-items",  # open actions, late first
    "status",  # the members' answers
    "situation-picture",  # the weekly picture, or those since the last meeting
    "referred",  # items referred from other bodies
    "duties",  # what a law or plan makes due
    "previous-minutes",
    "next-meeting",
    "follow-up",  # the yearly or two-year follow-up handed over at this meeting
]
Confidentiality = Literal["public", "internal", "secret"]
Numbering = Literal["yearly-paragraph", "per-meeting"]


@dataclass(frozen=True, slots=True)
class StandingItem:
    """An item that stands on every agenda of a body; `minutes` is its time box."""

    title: str
    kind: ItemKind = "information"
    source: ItemSource | None = None
    presenter: str = ""
    minutes: int | None = None
    text: str = ""
    proposal: str = ""
    confidentiality: Confidentiality = "public"


@dataclass(frozen=True, slots=True)
class Body:
    """A governance body. `duration` serves meetings whose rhythm gives a start and no end."""

    id: str
    name: str
    tier: Tier
    formality: Formality
    cadence: Cadence
    lead_times: LeadTimes
    seats: tuple[Seat, ...] = ()
    agenda: tuple[StandingItem, ...] = ()
    asks: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()  # "weekly-situation-picture"
    reports_to: str = ""
    mandate: str = ""
    scope: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    place: str = ""
    numbering: Numbering = "per-meeting"
    attendee_list: Literal["self", "all"] = "self"
    external: bool = False
    fulfils: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    appointed_by: str = ""
    succeeds: tuple[str, ...] = ()
    status: Literal["active", "under-development", "paused"] = "active"
    changes: Mapping[date, Change] = field(default_factory=dict)
    recess: tuple[Recess, ...] | None = None  # None: the calendar's
    on_clash: ClashRule | None = None  # None: the calendar's
    duration: int = 60  # minutes
    default_start: time = time(9, 0)
    address: str = ""  # the body's own mailbox; empty: the municipality's

    def seats_on(self, day: date) -> tuple[Seat, ...]:
        """The seats whose term covers `day`."""
        return tuple(seat for seat in self.seats if seat.held_on(day))

    def holder(self, role: str, day: date) -> str:
        """The person id that holds `role` on `day`, or "" where nobody does."""
        for seat in self.seats_on(day):
            if seat.role == role and seat.held_by:
                return seat.held_by[0]
        return ""

    def members_on(self, day: date) -> tuple[str, ...]:
        """Everyone with a seat on `day`, once each, in the order of the seats."""
        return tuple(dict.fromkeys(person for seat in self.seats_on(day) for person in seat.held_by))


ProductKind = Literal[
    "weekly-situation-picture",
    "in-depth-analysis",
    "annual-follow-up",
    "two-year-follow-up",
    "promise-report",
    "operational-plan",
    "report-to-assembly",
    "other",
]


@dataclass(frozen=True, slots=True)
class Product:
    """A paper with a rhythm of its own. With a `Relative` cadence it is due at the other body's meeting."""

    id: str
    kind: ProductKind
    title: str
    cadence: Cadence
    prepared_by: str = ""
    endorsed_by: str = ""
    decided_by: str = ""
    to: tuple[str, ...] = ()  # body ids
    public: bool = False
    lead_time_days: int = 28  # work starts this long before


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact point of 12 § 2: stands in every paper's footer and is the sender of mail."""

    name: str
    email: str
    phone: str = ""
    address: str = ""  # postal address for the footer
    web: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How mail leaves. Host and port may stand in the config; user and password come from the environment."""

    mail: Literal["dry-run", "folder", "smtp"] = "folder"
    folder: str = ""  # empty: mejl in the municipality's folder among the data
    host: str = "localhost"
    port: int = 25
    starttls: bool = False
    per_minute: int = 30


Door = Literal["mail-link", "oidc", "proxy"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people come in to the pages. What is secret comes from the environment, never from the config."""

    door: Door = "mail-link"
    issuer: str = ""  # oidc: who vouches for people, as its identity tokens name it
    client_id: str = ""
    trust_email: bool = False  # oidc: a verified address is taken at its word, without a mail the first time
    mail_link: bool = False  # oidc, proxy: the mail link too, for those without an account
    header: str = "X-Remote-User"  # proxy: where it names who came
    sources: tuple[str, ...] = ()  # addresses or networks of the proxy; also whose X-Forwarded-For is believed


@dataclass(frozen=True, slots=True)
class Municipality:
    """Everything one config file says, checked. `id` is the slug that keys every row in the store."""

    id: str
    name: str
    contact: Contact
    calendar: WorkCalendar
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    bodies: Mapping[str, Body]
    products: Mapping[str, Product]
    duties: LawDuties
    agreements: Mapping[str, CooperationAgreement]
    delivery: Delivery
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Stockholm"))
    language: str = "sv"
    lead_committee: str = ""
    case_number: str = ""  # the local pattern, such as "KS {year}-{number}"
    base_url: str = ""
    publish: tuple[str, ...] = ()  # dates | minutes | follow-ups | products: what is shown without signing in
    coordination_function: tuple[str, ...] = ()  # person ids, 11 §
    report_to_assembly: str = "year"
    access: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retention: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn = SignIn()

    def person_name(self, person: str) -> str:
        """The name of a person id, or the id itself where the config no longer knows it."""
        found = self.people.get(person)
        return found.name if found else person

    def body_name(self, body: str) -> str:
        """The name of a body id, or the text itself: `decided_by` may be a plain name."""
        found = self.bodies.get(body)
        return found.name if found else body

    def organisation_name(self, organisation: str) -> str:
        """The name of an organisation id, or the id itself."""
        found = self.organisations.get(organisation)
        return found.name if found else organisation
