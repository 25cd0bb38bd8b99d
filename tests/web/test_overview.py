"""The overview and the bodies' pages: what is told to whom, the wheel beside its table, and what a page may cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from sqlalchemy import update

from governance.store.desk_tables import AgendaEntry, Approval, DraftMode, MinutesField
from governance.store.door_tables import MailReply
from governance.store.tables import Dispatch, Item, Occasion, StatusRequest, Step
from tests.test_examples import EXAMPLES
from tests.web.conftest import Pages, counted
from tests.world import DUTIES, EXTERNAL, WEEKLY, ZONE, at, plain, with_bodies

MOST_QUESTIONS = 6
HEAVIEST = 60_000  # bytes, the wheel and its table with it

RECORD = """\
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Beslut:
      actions:
        - {text: Byta lås, owner: bo.hus, due: 2027-01-15}
        - {text: Laga belysningen, owner: pia.polis, due: 2027-03-15}
"""
MakePages = Callable[..., Pages]


def text(made: Pages, person: str, path: str = "") -> str:
    """A page's text, blanks made single."""
    answer = made.visitor(person).get(f"/{made.town}{path}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def section(made: Pages, person: str, heading: str, path: str = "") -> str:
    """The text of the card with this heading."""
    answer = made.visitor(person).get(f"/{made.town}{path}").text
    cards = re.findall(r'<section class="card.*?</section>', answer, re.DOTALL)
    found = [plain(card) for card in cards if re.search(rf"<h2[^>]*>{heading}", card)]
    assert len(found) == 1
    return found[0]


def planned(pages: MakePages, config: str | None = None, until: str = "2027-01-08 09:00") -> Pages:
    """A town whose meetings are planned and called to up to a moment."""
    made = pages(config) if config else pages()
    made.world.plan()
    made.world.go(until)
    return made


# --- what is to do -------------------------------------------------------------------------------------------------


def test_secretary_is_told_how_many_have_answered_and_by_when(pages: MakePages) -> None:
    now = section(planned(pages), "siv.sand", "Att göra nu")
    assert "Svar från 0 av 3 Gruppen 12 januari" in now


def test_days_of_another_year_are_told_with_it(pages: MakePages) -> None:
    made = planned(pages, until="2027-12-31 09:00")
    made.world.set("2028-01-03 09:00")
    assert "Gruppen 2 februari 2027" in section(made, "siv.sand", "Att göra nu")


def test_member_is_told_of_their_own_question_alone(pages: MakePages) -> None:
    now = section(planned(pages), "bo.hus", "Att göra nu")
    assert "Svara inför mötet Gruppen 12 januari" in now
    assert "Svar från" not in now


def test_whoever_has_answered_is_not_asked_again(pages: MakePages) -> None:
    made = planned(pages)
    with made.world.office.archive.write() as session:
        session.execute(
            update(StatusRequest).where(StatusRequest.person == "bo.hus").values(answered=at("2027-01-08 08:30"))
        )
    assert section(made, "bo.hus", "Att göra nu") == "Att göra nu Inget väntar på dig. Allt är i fas."
    assert "Svar från 1 av 3" in section(made, "siv.sand", "Att göra nu")


def test_a_meeting_that_has_been_waits_to_be_written_of_and_leads_to_its_page(pages: MakePages) -> None:
    made = planned(pages)
    made.world.go("2027-01-12 11:00")
    answer = made.visitor("siv.sand").get(f"/{made.town}").text
    assert f'href="/{made.town}/organ/gruppen/2027-01-12/anteckna">Skriv anteckningar</a>' in answer
    assert "senast 14 januari" in section(made, "siv.sand", "Att göra nu")
    assert "Skriv anteckningar" not in text(made, "bo.hus")


def test_the_minutes_of_a_council_are_a_protocol(pages: MakePages) -> None:
    made = planned(pages, until="2027-02-10 16:00")
    assert "Protokoll att skriva Rådet 10 februari Skriv protokoll" in section(made, "siv.sand", "Att göra nu")


def test_minutes_begun_are_gone_on_with(pages: MakePages) -> None:
    made = planned(pages, until="2027-01-12 11:00")
    meeting = made.world.meeting("gruppen", "2027-01-12")
    with made.world.office.archive.write() as session:
        session.add(
            MinutesField(
                occasion_id=meeting.id, name="x", version=1, text="y", person="siv.sand", at=made.world.office.now
            )
        )
    assert "Fortsätt på anteckningar" in section(made, "siv.sand", "Att göra nu")


def test_minutes_are_late_from_the_day_after_they_were_due(pages: MakePages) -> None:
    made = planned(pages, until="2027-01-16 09:00")
    assert re.search(r"Skriv anteckningar 2 dagar sent", section(made, "siv.sand", "Att göra nu"))
    assert 'class="late"' in made.visitor("siv.sand").get(f"/{made.town}").text.split("</svg>")[0]


def test_approval_waits_for_those_whose_it_is_and_is_late_for_the_secretary(pages: MakePages) -> None:
    made = planned(pages, until="2027-02-10 16:00")
    record = "- meeting: radet 2027-02-10\n  present: [kia.holm, siv.sand, pia.polis]\n  approvers: [pia.polis]\n"
    made.world.record("2027-02-10 17:00", record)
    assert "juster" not in section(made, "pia.polis", "Att göra nu")
    made.world.go("2027-02-22 09:00")
    for person in ("pia.polis", "kia.holm"):
        told = section(made, person, "Att göra nu")
        assert "Protokoll att justera Rådet 10 februari Läs och justera senast 24 februari" in told
    page = made.visitor("siv.sand").get(f"/{made.town}").text
    assert f'href="/{made.town}/organ/radet/2027-02-10/justering"><strong>Protokoll att justera</strong>' in page
    assert "Protokoll att justera Rådet 10 februari senast 24 februari" in section(made, "siv.sand", "Att göra nu")
    meeting = made.world.meeting("radet", "2027-02-10")
    paper = made.world.papers("minutes", meeting)[-1]
    with made.world.office.archive.write() as session:
        approval = {"occasion_id": meeting.id, "paper_id": paper.id, "sha256": paper.sha256, "means": "mail-link"}
        session.add(Approval(**approval, person="pia.polis", at=made.world.office.now))
    assert "juster" not in section(made, "pia.polis", "Att göra nu")
    made.world.set("2027-02-26 09:00")
    assert "Protokoll som inte är justerat Rådet 10 februari 2 dagar sent" in section(made, "siv.sand", "Att göra nu")
    assert "juster" not in text(made, "bo.hus")


def test_late_actions_are_told_to_their_owner_and_their_secretary(pages: MakePages) -> None:
    made = planned(pages)
    made.world.record("2027-01-12 12:00", RECORD)
    made.world.set("2027-01-20 09:00")
    mine, kept = section(made, "bo.hus", "Att göra nu"), section(made, "siv.sand", "Att göra nu")
    assert "Byta lås Å-2027-001, Din åtgärd" in mine
    assert "Byta lås Å-2027-001, Bo Hus 5 dagar sent" in kept
    assert "Laga belysningen" not in mine + kept
    assert "Laga belysningen Å-2027-002, Din åtgärd senast 15 mars" in section(made, "pia.polis", "Att göra nu")


def test_an_action_of_a_secret_item_is_veiled_for_whoever_was_not_called(pages: MakePages) -> None:
    made = planned(
        pages,
        with_bodies(more="access: {admin: [ada.adm]}\n").replace(
            "bodies:\n", "  ada.adm: {name: Ada Adm, email: ada.adm@prov.example, organisation: kommunen}\nbodies:\n", 1
        ),
    )
    made.world.record("2027-01-12 12:00", RECORD)
    with made.world.office.archive.write() as session:
        session.execute(update(Item).values(confidentiality="secret"))
    made.world.set("2027-01-20 09:00")
    assert "Byta lås" in text(made, "siv.sand")
    answer = text(made, "ada.adm")
    assert "Byta lås" not in answer
    assert "Åtgärd i ett ärende med sekretess" in answer


def test_what_failed_is_told_with_its_reason_and_many_failures_are_one_line(pages: MakePages) -> None:
    made = planned(pages)
    with made.world.office.archive.write() as session:
        values = {"attempts": 1, "done": None, "due": at("2027-01-07 08:00"), "evidence": "misslyckades: mallen saknas"}
        session.execute(update(Step).where(Step.kind == "agenda").values(**values))
    now = section(made, "siv.sand", "Att göra nu")
    assert re.search(r"\d+ saker gick inte att göra Gick inte: dagordningen: Gruppen 12 januari\. ", now)
    assert "Misslyckades: mallen saknas" in now
    assert "mallen" not in text(made, "bo.hus")


def test_mails_that_wait_or_failed_are_told_to_who_keeps_the_body(pages: MakePages) -> None:
    made = planned(pages)
    meeting = made.world.meeting("gruppen", "2027-01-12")
    with made.world.office.archive.write() as session:
        reply = {"municipality": made.town, "occasion_id": meeting.id, "person": "bo.hus", "at": made.world.office.now}
        session.add(MailReply(**reply, message_id="<1>", text="Lugnt."))
        session.execute(update(Dispatch).where(Dispatch.person == "bo.hus").values(state="failed", problem="okänd"))
    now = section(made, "siv.sand", "Att göra nu")
    assert "Svar i mejl att läsa (1) Gruppen 12 januari" in now
    assert re.search(r"Mejl som inte kom fram \(\d\) Gruppen 12 januari: okänd", now)
    assert "mejl" not in section(made, "bo.hus", "Att göra nu").lower()


def test_many_errands_are_folded_after_the_first_six(pages: MakePages) -> None:
    made = planned(pages, WEEKLY, until="2027-01-05 09:00")
    made.world.set("2027-04-30 09:00")
    with made.world.office.archive.write() as session:
        session.execute(update(Occasion).where(Occasion.key == "gruppen").values(status="convened"))
    answer = made.visitor("siv.sand").get(f"/{made.town}").text
    shown, _, folded = answer.partition('<details class="more">')
    assert shown.count(">Skriv anteckningar<") + shown.count(">Skriv protokoll<") == 6
    assert folded.count(">Skriv anteckningar<") > 5


# --- meetings, duties ----------------------------------------------------------------------------------------------


def test_next_six_meetings_stand_with_week_and_state(pages: MakePages) -> None:
    coming = section(planned(pages), "siv.sand", "Kommande möten")
    assert coming.startswith("Kommande möten Datum Organ Läge 12 januari v. 2 Gruppen Kallelse skickad")
    assert coming.count(" v. ") == 6
    assert "2028" not in coming


def test_a_meeting_under_way_is_still_to_come(pages: MakePages) -> None:
    made = planned(pages, until="2027-01-12 09:30")
    assert "12 januari" in section(made, "siv.sand", "Kommande möten")
    made.world.set("2027-01-12 10:00")
    assert "12 januari" not in section(made, "siv.sand", "Kommande möten")


def test_member_sees_nothing_of_a_body_that_is_not_theirs(pages: MakePages) -> None:
    made = planned(pages)
    assert "Rådet" not in text(made, "bo.hus")
    assert "Rådet" in text(made, "pia.polis")


@pytest.mark.parametrize(
    ("day", "pills"),
    [
        ("2026-11-23", ["I tid", "I tid"]),
        ("2027-01-08", ["153 dagar kvar", "160 dagar kvar"]),
        ("2027-06-16", ["6 dagar sent", "1 dag kvar"]),
    ],
)
def test_duties_are_told_by_their_clocks(pages: MakePages, day: str, pills: list[str]) -> None:
    made = pages(with_bodies(EXTERNAL, more=DUTIES), at(f"{day} 09:00"))
    answer = made.visitor("siv.sand").get(f"/{made.town}").text
    law = answer[answer.index('id="law"') : answer.index("Övriga krav")]
    assert re.findall(r'class="pill \w+">([^<]+)<', law) == pills
    assert "10 juni 2027" in plain(law)


def test_a_town_that_has_planned_nothing_yet_has_a_page(pages: MakePages) -> None:
    made = pages()
    answer = text(made, "siv.sand")
    assert "Inga möten är planerade" in answer
    assert "Lägesbild och åtgärdsplan är inte inskrivna" in answer


# --- the wheel -----------------------------------------------------------------------------------------------------

_WORDS = {"genomfört", "planerat", "kallelse skickad", "ska antecknas", "försenat", "blev inte av"}


def told_by_wheel(page: str) -> set[tuple[str, str]]:
    """(where it leads, its state in words) of every mark on the rings."""
    svg = page[page.index('<svg class="wheel"') : page.index("</svg>")]
    found = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>([^<]+)</title>', svg)
    return {(unescape(link), unescape(title).rpartition(": ")[2]) for link, title in found}


def told_by_table(page: str) -> set[tuple[str, str]]:
    """The same of the table's rows."""
    table = page[page.index("Visa årshjulet som tabell") :]
    rows = re.findall(r'<td><a href="([^"]+)">[^<]+</a></td><td>([^<]+)</td></tr>', table)
    return {(unescape(link), words.lower()) for link, words in rows}


def test_wheel_and_table_tell_the_same(pages: MakePages) -> None:
    made = planned(pages, with_bodies(EXTERNAL, more=DUTIES))
    made.world.record("2027-01-12 12:00", RECORD)
    made.world.record("2027-01-19 12:00", "- meeting: gruppen 2027-01-19\n  not_held: Sjukdom\n")
    made.world.set("2027-02-03 09:00")
    page = made.visitor("siv.sand").get(f"/{made.town}").text
    wheel = told_by_wheel(page)
    assert wheel == told_by_table(page)
    assert len(wheel) == 11
    assert {state for _, state in wheel} == {"genomfört", "blev inte av", "försenat", "ska antecknas", *_SOON}
    assert page.count("6 § Uppdatera lägesbilden minst vartannat år, hela kommunen") >= 2


_SOON = {"planerat", "kallelse skickad"}


def test_wheel_of_another_year_is_reached_by_the_links_beside_it(pages: MakePages) -> None:
    made = planned(pages)
    page = made.visitor("siv.sand").get(f"/{made.town}").text
    assert re.findall(r'href="\?ar=(\d+)"', page) == ["2026", "2028"]
    following = made.visitor("siv.sand").get(f"/{made.town}?ar=2028").text
    assert "Årshjul 2028" in following
    assert f"/{made.town}/organ/gruppen/2028-01-11" in following
    assert made.visitor("siv.sand").get(f"/{made.town}?ar=1066").status_code == 404
    assert made.visitor("siv.sand").get(f"/{made.town}?ar=i%20fjol").status_code == 422


def test_wheel_is_drawn_anew_when_a_meeting_changes(pages: MakePages) -> None:
    made = planned(pages)
    before = made.visitor("siv.sand").get(f"/{made.town}").text
    assert made.visitor("siv.sand").get(f"/{made.town}").text == before
    meeting = made.world.meeting("gruppen", "2027-01-19")
    with made.world.office.archive.write() as session:
        session.execute(update(Occasion).where(Occasion.id == meeting.id).values(status="cancelled", reason="Storm"))
    after = made.visitor("siv.sand").get(f"/{made.town}").text
    assert (f"/{made.town}/organ/gruppen/2027-01-19", "blev inte av") in told_by_wheel(after)
    assert told_by_wheel(after) == told_by_table(after)


def test_whole_year_costs_six_questions_and_sixty_kilobytes_at_most(pages: MakePages) -> None:
    made = planned(pages, WEEKLY.replace("# more bodies\n", EXTERNAL) + DUTIES)
    made.world.record("2027-01-12 12:00", RECORD)
    made.world.set("2027-06-01 09:00")
    visitor = made.visitor("siv.sand")
    with counted(made) as asked:
        page = visitor.get(f"/{made.town}")
    assert len(told_by_wheel(page.text)) > 50
    assert len(asked) <= MOST_QUESTIONS
    assert len(page.content) < HEAVIEST


def test_number_of_questions_does_not_grow_with_the_year(pages: MakePages) -> None:
    few, many = planned(pages), planned(lambda config: pages(config, name="other"), WEEKLY)
    counts = []
    for made in (few, many):
        visitor = made.visitor("siv.sand")
        with counted(made) as asked:
            visitor.get(f"/{made.town}")
        counts.append(len(asked))
    assert counts[0] == counts[1] == 5


# --- the bodies ----------------------------------------------------------------------------------------------------


def test_bodies_stand_under_those_they_report_to(pages: MakePages) -> None:
    answer = text(planned(pages), "siv.sand", "/organ")
    assert answer.index("Rådet") < answer.index("Gruppen")
    assert "Operativ grupp, rapporterar till rådet" in answer
    assert "Nästa möte tisdag 12 januari 2027 v. 2" in answer


def test_bodies_a_member_may_not_see_are_not_there(pages: MakePages) -> None:
    made = planned(pages)
    answer = made.visitor("bo.hus").get(f"/{made.town}/organ").text
    assert re.findall(r'<h2><a href="[^"]+">([^<]+)</a></h2>', answer) == ["Gruppen"]
    assert made.visitor("bo.hus").get(f"/{made.town}/organ/radet").status_code == 404


def test_body_has_its_next_meeting_first_and_its_rhythm_in_words(pages: MakePages) -> None:
    made = planned(pages)
    answer = made.visitor("siv.sand").get(f"/{made.town}/organ/radet").text
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", answer) == ["Nästa möte", "Rytm", "Uppdrag", "Möten 2027", "Ledamöter"]
    assert "Andra onsdagen i februari, maj, september och november kl. 13.00–15.00." in plain(answer)
    dates = section(made, "siv.sand", "Rytm", "/organ/radet")
    assert dates.count(" v. ") == 5


def test_body_shows_its_members_with_terms_and_vacant_seats(pages: MakePages) -> None:
    config = with_bodies().replace(
        "      - {role: member, title: Områdeschef, held_by: bo.hus}\n",
        "      - {role: member, title: Områdeschef, held_by: bo.hus, from: 2025-01-01, until: 2027-04-30}\n"
        "      - {role: member, title: Fritidschef}\n",
    )
    made = pages(config)
    answer = section(made, "siv.sand", "Ledamöter", "/organ/gruppen")
    assert "En plats är vakant" in answer
    assert "Vakant Ledamot Fritidschef" in answer
    assert "Bo Hus Ledamot Områdeschef Provbostäder AB 1 januari 2025–30 april 2027 går snart ut" in answer
    made.world.set("2027-05-02 09:00")
    assert "Bo Hus" not in section(made, "siv.sand", "Ledamöter", "/organ/gruppen")


def test_body_tells_those_who_keep_it_what_is_parked_and_held_back(pages: MakePages) -> None:
    made = planned(pages)
    now = made.world.office.now
    with made.world.office.archive.write() as session:
        session.add(DraftMode(municipality=made.town, body="gruppen", begun=now, person="siv.sand"))
        entry = {"municipality": made.town, "body": "gruppen", "position": 1, "kind": "discussion", "added": now}
        session.add(AgendaEntry(**entry, title="Badplatsen"))
    kept, seen = text(made, "siv.sand", "/organ/gruppen"), text(made, "bo.hus", "/organ/gruppen")
    assert "Utkastläge." in kept
    assert "Ett ärende att ta upp vid ett senare möte" in kept
    assert "Utkastläge" not in seen
    assert "Parkerat" not in seen


def test_body_of_another_system_owes_no_minutes(pages: MakePages) -> None:
    made = planned(pages, with_bodies(EXTERNAL))
    made.world.set("2027-02-20 09:00")
    answer = section(made, "siv.sand", "Möten 2027", "/organ/namnden")
    assert "måndag 1 februari 2027 v. 5 Genomfört" in answer
    assert "Nämnden" not in section(made, "siv.sand", "Att göra nu")


@pytest.mark.parametrize("path", ["/organ", "/organ/gruppen"])
def test_pages_of_bodies_ask_little(pages: MakePages, path: str) -> None:
    made = planned(pages, WEEKLY)
    visitor = made.visitor("siv.sand")
    with counted(made) as asked:
        assert visitor.get(f"/{made.town}{path}").status_code == 200
    assert len(asked) <= 3


def test_stranger_is_led_to_signing_in(pages: MakePages) -> None:
    made = pages()
    for path in ("", "/organ", "/organ/gruppen"):
        answer = made.visitor().get(f"/{made.town}{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/logga-in?vidare=/{made.town}{path}")


def test_day_is_the_municipalitys_and_not_that_of_greenwich(pages: MakePages) -> None:
    made = pages(start=datetime(2027, 5, 20, 0, 30, tzinfo=ZONE))
    assert "Torsdag 20 maj 2027, vecka 20" in text(made, "siv.sand")


@pytest.mark.parametrize("name", ["lilla-edet", "linkoping", "lulea"])
def test_examples_have_a_wheel_that_tells_all_and_a_page_that_is_light(pages: MakePages, name: str) -> None:
    made = pages((EXAMPLES / f"{name}.yaml").read_text("utf-8"))
    made.world.plan()
    keeper = made.world.municipality.coordination_function[0]
    page = made.visitor(keeper).get(f"/{made.town}")
    assert told_by_wheel(page.text) == told_by_table(page.text)
    assert len(told_by_wheel(page.text)) > 10
    assert len(page.content) < HEAVIEST


def test_what_is_late_stands_first_and_ones_own_before_that_of_others(pages: MakePages) -> None:
    made = planned(pages)
    made.world.record("2027-01-12 12:00", RECORD)
    made.world.go("2027-01-25 09:00")
    titles = re.findall(r"<strong>([^<]+)</strong></a>", made.visitor("siv.sand").get(f"/{made.town}").text)
    assert titles[:3] == ["Minnesanteckningar att skriva", "Byta lås", "Svar från 0 av 3"]
