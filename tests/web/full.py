"""Two municipalities with everything a page can show, somebody in every role, and where each page of the table lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from starlette.testclient import TestClient

from governance.config.record import read_record
from governance.model.body import Municipality
from governance.secretariat.approval import approve, publish
from governance.secretariat.audit import Doer
from governance.secretariat.door import begin_session
from governance.secretariat.links import token_for
from governance.secretariat.live import open_sheet
from governance.secretariat.office import Office, open_office
from governance.secretariat.record import arrivals, take_in
from governance.secretariat.sweep import sweep
from governance.secretariat.word import take_upload
from governance.store.desk_tables import Upload
from governance.store.tables import Action, Base, Dispatch, Item, Occasion, Paper
from governance.web.app import build_app
from governance.web.guard import COOKIE
from governance.web.hall import Hall
from governance.web.page import Page
from governance.web.pages import PAGES
from tests.web.conftest import ORIGIN
from tests.world import DUTIES, EXTERNAL, PRODUCT, START, TEMPLATES, at, blank, with_bodies

BODY, SLOT = "gruppen", "2027-01-12"
COMING = {"gruppen": "2028-01-11", "radet": "2027-05-12"}
MOMENTS = ("2027-01-01 08:00", "2027-01-08 09:00", "2027-01-11 14:00", "2027-01-29 09:00", "2027-02-05 09:00")
QUERIES = {"las-upp": "?arende={item}"}  # what a page is asked with, by the end of its path
ROLES = {  # a person that has this role in gruppen, and no other
    "secretary": "siv.sand",
    "chair": "kia.holm",
    "member": "bo.hus",
    "substitute": "ulla.ers",
    "co-opted": "ada.adj",
    "reader": "lasse.las",
    "admin": "adam.adm",
}
_PEOPLE = """\
  ulla.ers: {name: Ulla Ersson, email: ulla.ers@prov.example, organisation: kommunen}
  ada.adj: {name: Ada Adjung, email: ada.adj@prov.example, organisation: kommunen}
  lasse.las: {name: Lasse Läs, email: lasse.las@prov.example, organisation: kommunen}
  adam.adm: {name: Adam Adm, email: adam.adm@prov.example, organisation: kommunen}
  jon.jour: {name: Jon Jour, email: jon.jour@prov.example, organisation: kommunen}
"""
_SEATS = """\
      - {role: substitute, held_by: ulla.ers}
      - {role: standing-co-opted, held_by: ada.adj}
"""
_ACCESS = "access: {admin: [adam.adm], reader: [lasse.las]}\n"
RECORD = """\
- meeting: gruppen 2027-01-12
  answers:
    - {from: pia.polis, answers: {Brott: Fyra inbrott.}}
  present: [kia.holm, siv.sand, pia.polis]
  excused: [bo.hus]
  items:
    Läget:
      account: Polisen redovisar fyra inbrott.
      actions:
        - {ref: las, text: Byta lås, owner: bo.hus, due: 2027-01-15}
    Beslut:
      decisions:
        - {ref: fraga, text: Gruppen beslutar att fråga rådet., refer_to: radet}
  assessment: Läget är stabilt.
- meeting: radet 2027-02-10
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Lägesbild:
      account: Rådet hörde om läget.
      decisions:
        - {text: Rådet beslutar i det som är rådets eget.}
      actions:
        - {ref: radets, text: Rådets egen åtgärd, owner: pia.polis, due: 2027-03-15}
  approvers: [pia.polis]
"""


def config(town: str = "Provköpings") -> str:
    """A municipality with every role; another name makes another municipality with other people's addresses."""
    text = with_bodies(EXTERNAL, more=DUTIES + PRODUCT.replace("november", "february") + _ACCESS)
    # The coordination function belongs to somebody without a seat, so that the secretary has that role alone.
    text = text.replace("coordination_function: [siv.sand]", "coordination_function: [jon.jour]")
    text = text.replace("bodies:\n", _PEOPLE + "bodies:\n", 1)
    seat = "      - {role: member, title: Områdeschef, held_by: bo.hus}\n"
    assert seat in text
    text = text.replace(seat, seat + _SEATS)
    text = text.replace("  lead_committee:", f"  base_url: {ORIGIN}\n  publish: [dates, minutes]\n  lead_committee:")
    if town != "Provköpings":
        text = text.replace("Provköpings", town).replace("prov.example", "andra.example")
        text = text.replace("polisen.example", "andrapolisen.example").replace("bostader.example", "andrabo.example")
    return text


@dataclass
class Full:
    """An installation with two municipalities, and clients for anybody in the first."""

    office: Office
    hall: Hall

    def __post_init__(self) -> None:
        self.app = build_app(self.hall)
        self.town, self.other = (each.id for each in self.office.municipalities)

    def client(self, person: str = "") -> TestClient:
        """A browser signed in as somebody of the first municipality."""
        client = TestClient(
            self.app, base_url=ORIGIN, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
        )
        if person:
            key = begin_session(self.office, self.office.municipalities[0].people[person].email, "mail-link")
            client.cookies.set(COOKIE[self.hall.secure], key)
        return client

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row but those of the sessions, which visiting keeps open."""
        with self.office.archive.read() as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
                for table in Base.metadata.sorted_tables
                if table.name != "web_sessions"
            }

    # --- where a page lies -----------------------------------------------------------------------------------------

    def names(self, town: str, body: str, slot: str) -> dict[str, str]:
        """What the names in a page's path can stand for, at one meeting."""
        with self.office.archive.read() as session:
            meeting = session.scalars(
                select(Occasion).filter_by(municipality=town, key=body, slot=date.fromisoformat(slot))
            ).one()
            asked = session.scalars(
                select(Occasion).filter_by(municipality=town, key="radet", slot=date(2027, 2, 10))
            ).one()
            found = {
                "town": town,
                "body": body,
                "slot": slot,
                "paper": session.scalar(select(func.max(Paper.id)).filter_by(occasion_id=meeting.id, kind="minutes")),
                "mail": session.scalar(select(Dispatch.id).filter_by(occasion_id=meeting.id)),
                "number": session.scalar(select(Action.number).filter_by(municipality=town, body=body)),
                "item": session.scalar(select(Item.id).filter_by(occasion_id=meeting.id)),
                "upload": session.scalar(select(Upload.id).filter_by(occasion_id=meeting.id)),
                "report": session.scalar(select(Paper.id).filter_by(municipality=town, kind="annual_follow_up")),
                "published": session.scalar(select(Paper.id).filter_by(municipality=town, kind="public_minutes")),
                "name": "meeting:assessment",
                "token": token_for(self.office, asked, "pia.polis"),
                "ref": "s1",
            }
        assert None not in found.values(), found
        return {name: str(value) for name, value in found.items()}

    def path(self, page: Page, names: Mapping[str, str]) -> str | None:
        """A page's path with its names filled in; None where one of them is not known here."""
        wanted = re.findall(r"{(\w+)(?::\w+)?}", page.path)
        if any(name not in names for name in wanted):
            return None
        # An agenda in the making belongs to a meeting that is still to come.
        there = {**names, "slot": COMING[names["body"]]} if "ref" in wanted else names
        path = re.sub(r"{(\w+)(?::\w+)?}", lambda found: there[found[1]], page.path)
        return path + QUERIES.get(page.path.rpartition("/")[2], "").format(**names)

    def pages(self, names: Mapping[str, str], method: str = "") -> Iterator[tuple[Page, str]]:
        """Every page that lies somewhere with these names."""
        for page in PAGES:
            path = self.path(page, names)
            if path is not None and method in ("", page.method):
                yield page, path


def full(folder: Path, archive: Path) -> Iterator[Full]:
    """Makes the two municipalities, their January met and written up."""
    configs = folder / "configs"
    configs.mkdir(parents=True)
    (configs / "a.yaml").write_text(config(), encoding="utf-8")
    (configs / "b.yaml").write_text(config("Andraköpings"), encoding="utf-8")
    blank(archive, folder)
    with open_office(configs, START, folder=folder / "data") as opened:
        office = replace(opened, templates=TEMPLATES)
        file = folder / "record.yaml"
        for moment in MOMENTS:
            office = office.at(at(moment))
            sweep(office)
        for town in office.municipalities:
            file.write_text(RECORD.replace("- meeting: ", f"- municipality: {town.id}\n  meeting: "), encoding="utf-8")
            read = read_record(file, office.municipalities)
            assert [str(problem) for problem in read.problems] == []
            for incoming in arrivals(town, [entry for key, entry in read.entries if key == town.id]):
                done = take_in(office.at(at("2027-02-10 17:00")), town, incoming)
                assert done is None or not done.failed, done
        office = office.at(at("2027-02-23 09:00"))
        sweep(office)
        for town in office.municipalities:
            for body, slot in ((BODY, SLOT), ("radet", "2027-02-10")):
                write_on(office, town, body, date.fromisoformat(slot))
        yield Full(office, hall_of_office(office, configs))


def write_on(office: Office, town: Municipality, body: str, slot: date) -> None:
    """Opens a meeting's minutes on the page and sends them back as from Word; the council's are approved and public."""
    with office.archive.read() as session:
        meeting = session.scalars(select(Occasion).filter_by(municipality=town.id, key=body, slot=slot)).one()
        question = select(Paper).filter_by(occasion_id=meeting.id, kind="minutes").order_by(Paper.version.desc())
        paper = session.scalars(question).first()
    assert paper is not None
    open_sheet(office, town, meeting, Doer("siv.sand"))
    take_upload(office, town, meeting, Doer("siv.sand"), "anteckningar.docx", paper.docx)
    if body == "radet":
        for person in ("kia.holm", "pia.polis"):
            approve(office, town, meeting, Doer(person, means="mail-link"), paper.sha256)
        sweep(office)  # makes the approved version
        publish(office, town, meeting, Doer("siv.sand", means="mail-link"))


def hall_of_office(office: Office, configs: Path, origins: tuple[str, ...] = (ORIGIN,)) -> Hall:
    """The hall of an office, whose clock stands."""
    return Hall(
        config=configs,
        archive=office.archive,
        templates=office.templates,
        clock=lambda: office.now,
        folder=office.folder,
        secret=b"a secret of the tests",
        installation=office.installation,
        origins=origins,
    )
