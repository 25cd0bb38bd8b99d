"""A small municipality on a folder, with a clock that goes only when told: what the tests of the use cases walk in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import bundled
from governance.config.record import read_record
from governance.model.body import Municipality
from governance.papers.templates import Templates
from governance.secretariat import sweep as sweeping
from governance.secretariat.meetings import plan_meetings
from governance.secretariat.office import Done, Office, open_office
from governance.secretariat.record import Incoming, arrivals, take_in
from governance.store.database import Archive
from governance.store.tables import Base, Dispatch, Occasion, Paper, Step

TEMPLATES = Templates([bundled.folder("templates")])  # compiled once for all worlds
ZONE = ZoneInfo("Europe/Stockholm")
START = datetime(2027, 1, 1, 6, 0, tzinfo=ZONE)

# Two bodies: a group that meets on a few Tuesdays and a council that meets four times a year.
TOWN = """\
municipality:
  name: Provköpings kommun
  contact: {name: Trygghetssamordnaren, email: trygghet@prov.example, phone: 0123-45 60 00}
  lead_committee: namnden
  coordination_function: [siv.sand]
calendar:
  days_off: [public-holidays, eves]
  recess: [week 28-31, "12-21..01-06"]
  on_clash: next-working-day
organisations:
  kommunen: {name: Provköpings kommun, type: municipality}
  polisen: {name: Polismyndigheten, type: police}
  bostader: {name: Provbostäder AB, type: municipal-company}
people:
  kia.holm: {name: Kia Holm, email: kia.holm@prov.example, organisation: kommunen, title: Ordförande}
  siv.sand: {name: Siv Sand, email: siv.sand@prov.example, organisation: kommunen, title: Samordnare}
  pia.polis: {name: Pia Polis, email: pia.polis@polisen.example, organisation: polisen, title: Kommunpolis}
  bo.hus: {name: Bo Hus, email: bo.hus@bostader.example, organisation: bostader, title: Områdeschef}
bodies:
  gruppen:
    name: Gruppen
    tier: operational
    formality: informal
    reports_to: radet
    rhythm: {dates: [2027-01-12, 2027-01-19, 2027-01-26, 2027-02-02, 2028-01-11], at: "09:00-10:00"}
    seats:
      - {role: chair, title: Ordförande, held_by: kia.holm}
      - {role: secretary, title: Samordnare, held_by: siv.sand}
      - {role: member, title: Kommunpolis, held_by: pia.polis}
      - {role: member, title: Områdeschef, held_by: bo.hus}
    lead_times: {invitation: 2 weeks, status_request: 4 working days, agenda: 1 working day, minutes: 2 working days}
    reminders: [1 working day]
    asks: [Brott, Otrygghet]
    produces: [weekly-situation-picture]
    agenda:
      - {title: Öppnande, kind: formality}
      - {title: Åtgärder, kind: follow-up, source: action-items}
      - {title: Läget, kind: information, source: status}
      - {title: Beslut, kind: decision}
      - {title: Nästa möte, kind: formality, source: next-meeting}
  radet:
    name: Rådet
    tier: council
    formality: regulated
    fulfils: strategic-council
    rhythm: {in: [february, may, september, november], on: second wednesday, at: "13:00-15:00"}
    numbering: yearly-paragraph
    seats:
      - {role: chair, title: Ordförande, held_by: kia.holm, leading_position: true}
      - {role: secretary, title: Samordnare, held_by: siv.sand}
      - {role: member, title: Kommunpolis, held_by: pia.polis, leading_position: true}
    asks: [Händelser]
    agenda:
      - {title: Öppnande, kind: formality}
      - {title: Föregående protokoll, kind: follow-up, source: previous-minutes}
      - {title: Åtgärder, kind: follow-up, source: action-items}
      - {title: Lägesbild, kind: information, source: situation-picture}
      - {title: Rapporter, kind: information, source: status}
      - {title: Lagens krav, kind: follow-up, source: duties}
      - {title: Nästa möte, kind: formality, source: next-meeting}
# more bodies
delivery: {mail: dry-run}
"""

TUESDAYS = 'rhythm: {every: week, on: tuesday, at: "09:00-10:00"}'
_DATES = "dates: [2027-01-12, 2027-01-19, 2027-01-26, 2027-02-02, 2028-01-11]"
WEEKLY = TOWN.replace(_DATES, "every: week, on: tuesday")

EXTERNAL = """\
  namnden:
    name: Nämnden
    tier: committee
    formality: statutory
    external: true
    rhythm: {dates: [2027-02-01, 2027-06-07, 2027-09-06], at: "13:00-16:00"}
"""

DUTIES = """\
duties:
  law_2023_196:
    situation_picture: {established: 2025-06-10, areas: [hela kommunen]}
    action_plan: {decided: 2025-06-17, decided_by: namnden, prepared_by: radet, followed_up: null}
"""

PRODUCT = """\
products:
  arlig:
    {kind: annual-follow-up, title: Årlig uppföljning, before: radet, in: [november], prepared_by: gruppen, to: radet}
"""


def at(moment: str) -> datetime:
    """`2027-01-11 08:00` as a local moment."""
    return datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def with_bodies(*bodies: str, more: str = "") -> str:
    """The town with more bodies and further sections."""
    return TOWN.replace("# more bodies\n", "".join(bodies)) + more


class World:
    """The office of one small municipality. `go` does what is due at a moment; `until` walks on to a day."""

    def __init__(self, folder: Path, config: str = TOWN, start: datetime = START) -> None:
        self.folder = folder
        self.file = folder / "config.yaml"
        self._stack = ExitStack()
        self.begin(config, start)

    def begin(self, config: str, now: datetime) -> None:
        """Opens the office (again) with this config at this moment."""
        self._stack.close()
        self.file.write_text(config, encoding="utf-8")
        office = self._stack.enter_context(open_office(self.file, now, folder=self.folder / "data"))
        own = self.folder / "templates"
        self.office = office if own.exists() else replace(office, templates=TEMPLATES)

    def reconfigure(self, old: str, new: str) -> None:
        """Changes the config and opens the office anew at the same moment."""
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.begin(text.replace(old, new), self.office.now)

    def own_template(self, name: str, content: bytes | None) -> None:
        """Lays a template beside the config, or with None takes it away, and opens the office anew."""
        file = self.folder / "templates" / name
        file.parent.mkdir(exist_ok=True)
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        self.begin(self.file.read_text(encoding="utf-8"), self.office.now)

    def close(self) -> None:
        self._stack.close()

    @property
    def municipality(self) -> Municipality:
        return self.office.municipalities[0]

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.office.archive.read() as session:
            yield session

    # --- the clock -------------------------------------------------------------------------------------------------

    def set(self, moment: str) -> Office:
        self.office = replace(self.office, now=at(moment))
        return self.office

    def go(self, moment: str, verbs: Sequence[str] = tuple(sweeping.VERBS)) -> list[Done]:
        """Sets the clock and does what is due."""
        return sweeping.sweep(self.set(moment), verbs)

    def plan(self, *, confirm: bool = False) -> list[Done]:
        return plan_meetings(self.office, self.municipality, confirm=confirm)

    def until(self, day: str, record: str = "") -> list[Done]:
        """Walks from the clock's moment to the end of a day; what is done in order. The clock then stands there."""
        last = date.fromisoformat(day)
        incoming = {self.municipality.id: self.incoming(record)} if record else {}
        done = [each for moment in sweeping.walk(self.office, last, incoming) for each in moment.done]
        self.office = self.office.at(datetime.combine(last, time(23, 59), ZONE))
        assert [each for each in done if each.failed] == []
        return done

    # --- what came in ----------------------------------------------------------------------------------------------

    def incoming(self, record: str) -> list[Incoming]:
        file = self.folder / "record.yaml"
        file.write_text(record, encoding="utf-8")
        read = read_record(file, self.office.municipalities)
        assert [str(problem) for problem in read.problems] == []
        return arrivals(self.municipality, [entry for _, entry in read.entries])

    def record(self, moment: str, record: str) -> list[Done]:
        """Takes in everything a record says, at a moment."""
        office = self.set(moment)
        return [done for each in self.incoming(record) if (done := take_in(office, self.municipality, each))]

    # --- what came of it -------------------------------------------------------------------------------------------

    def meeting(self, body: str, day: str) -> Occasion:
        """A body's meeting by slot or day."""
        wanted = date.fromisoformat(day)
        with self.read() as session:
            rows = list(session.scalars(select(Occasion).filter_by(kind="meeting", key=body)))
        return next(row for row in rows if wanted in {row.slot, row.day})

    def meetings(self, body: str, *statuses: str) -> list[date]:
        with self.read() as session:
            rows = session.scalars(select(Occasion).filter_by(kind="meeting", key=body).order_by(Occasion.day))
            return [row.day for row in rows if not statuses or row.status in statuses]

    def editions(self, key: str) -> list[Occasion]:
        with self.read() as session:
            return list(session.scalars(select(Occasion).filter_by(kind="edition", key=key).order_by(Occasion.slot)))

    def steps(self, occasion: Occasion) -> dict[str, Step]:
        with self.read() as session:
            rows = session.scalars(select(Step).filter_by(occasion_id=occasion.id).order_by(Step.due, Step.kind))
            return {row.kind: row for row in rows}

    def dispatches(self, kind: str = "", occasion: Occasion | None = None) -> list[Dispatch]:
        with self.read() as session:
            rows = list(session.scalars(select(Dispatch).order_by(Dispatch.id)))
        return [
            row
            for row in rows
            if (not kind or row.kind == kind) and (occasion is None or row.occasion_id == occasion.id)
        ]

    def told(self, kind: str, occasion: Occasion | None = None) -> list[str]:
        """Who a kind of mail is for, sorted."""
        return sorted(row.person for row in self.dispatches(kind, occasion))

    def mail(self, dispatch: Dispatch) -> EmailMessage:
        with self.read() as session:
            data = session.get_one(Dispatch, dispatch.id).data
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(data)

    def letter(self, dispatch: Dispatch) -> str:
        """The plain text of a mail, blanks made single."""
        part = self.mail(dispatch).get_body(("plain",))
        assert part is not None
        return " ".join(str(part.get_content()).split())

    def calendar(self, dispatch: Dispatch) -> str:
        """The calendar object of a mail, unfolded."""
        mail = self.mail(dispatch)
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        return str(part.get_content()).replace("\r\n", "\n").replace("\n ", "")

    def papers(self, kind: str = "", occasion: Occasion | None = None) -> list[Paper]:
        with self.read() as session:
            rows = list(session.scalars(select(Paper).order_by(Paper.id)))
        return [
            row
            for row in rows
            if (not kind or row.kind == kind) and (occasion is None or row.occasion_id == occasion.id)
        ]

    def text(self, kind: str, occasion: Occasion, version: int = 0) -> str:
        """The text of a paper's newest (or named) version, blanks made single."""
        found = [each for each in self.papers(kind, occasion) if not version or each.version == version]
        return plain(found[-1].html)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table: what two archives are compared by."""
        return contents(self.office.archive)


def plain(html: str) -> str:
    """A page's text, blanks made single."""
    body = re.sub(r"<style.*?</style>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ").split())


def contents(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the order of their ids."""
    with archive.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def blank(archive: Path, folder: Path) -> Path:
    """Lays an empty archive, migrated already, in a world's folder: migrating is what costs time."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(archive, data / "kadens.db"))
