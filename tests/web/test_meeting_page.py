"""A meeting's page: what stands on it, and to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Pages, counted
from tests.world import EXTERNAL, TOWN, plain, with_bodies

HELD = """
- meeting: gruppen 2027-01-12
  present: [kia.holm, bo.hus]
  excused: [pia.polis]
  items:
    Beslut:
      account: Vi talade.
      decisions: [{text: Gruppen köper en lampa.}]
      actions: [{text: Laga lampan, owner: bo.hus, due: 2027-01-15}]
"""
SECRET = (
    TOWN.replace("- {title: Beslut, kind: decision}", "- {title: Familjen Ek, kind: decision, confidentiality: secret}")
    .replace("coordination_function: [siv.sand]", "coordination_function: [siv.sand, ro.las]")
    .replace("  bo.hus: {", "  ro.las: {name: Ro Läs, email: ro.las@prov.example, organisation: kommunen}\n  bo.hus: {")
)


def page(made: Pages, person: str, rest: str = "organ/gruppen/2027-01-12") -> str:
    answer = made.visitor(person).get(f"/{made.town}/{rest}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def test_meeting_page_tells_what_is_done_and_what_comes(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-08")
    text = page(made, "siv.sand")
    assert "tisdag 12 januari 2027 v. 2 · kl. 09.00–10.00 Kallat" in text
    assert "0 av 3 har svarat. Inte än: Kia Holm, Pia Polis och Bo Hus." in text
    assert "Dagordning Måndag 11 januari 2027 kl. 13.00" in text
    assert "Utkast. Bara ni som har hand om mötet ser det än. 1 Öppnande" in text


def test_member_sees_no_draft_and_not_who_is_silent(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-08")
    text = page(made, "bo.hus")
    assert "Dagordningen är inte skickad än. Den kommer måndag 11 januari 2027 kl. 13.00." in text
    assert "0 av 3 har svarat. Mer om läget" in text
    assert "Föreslå ett ärende" in text
    assert "Ändra dagordningen" not in text


def test_minutes_are_written_from_when_the_agenda_is_made_or_an_hour_before(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-10")
    assert "Skriv anteckningar" not in page(made, "siv.sand")
    made.world.set("2027-01-12 07:59")
    assert "Skriv anteckningar" not in page(made, "siv.sand")
    made.world.set("2027-01-12 08:00")
    assert "Skriv anteckningar" in page(made, "siv.sand")
    made.world.set("2027-01-11 12:00")
    made.world.go("2027-01-11 13:00")
    assert "Skriv anteckningar" in page(made, "siv.sand")


def test_notes_recorded_from_a_file_before_their_agenda_was_made_are_still_reached(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-08")
    made.world.record("2027-01-09 08:00", HELD)
    assert "Skriv anteckningar" in page(made, "siv.sand")


def test_notes_are_settled_by_the_secretary_and_approval_is_the_councils(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-18", HELD)
    path = f"/{made.town}/organ/gruppen/2027-01-12"
    keeper, member = (made.visitor(each).get(path).text for each in ("siv.sand", "bo.hus"))
    assert '/justering">Färdigställ</a>' in keeper
    assert "/justering" not in member
    made.world.until("2027-02-22", "- meeting: radet 2027-02-10\n  present: [kia.holm, pia.polis]\n")
    council = made.visitor("pia.polis").get(f"/{made.town}/organ/radet/2027-02-10").text
    assert '/justering">Justering</a>' in council


def test_held_meeting_shows_decisions_actions_attendance_and_neighbours(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-18", HELD)
    text = page(made, "bo.hus")
    assert "Beslut: Gruppen köper en lampa." in text
    assert "Å-2027-001 Laga lampan Bo Hus, senast 15 januari 2027 Försenad" in text
    assert "Pia Polis Polismyndigheten Anmält förhinder" in text
    assert "19 januari 2027 →" in text


def test_external_bodys_meeting_is_neither_written_nor_approved_here(pages: Callable[..., Pages]) -> None:
    made = pages(with_bodies(EXTERNAL))
    made.world.until("2027-02-02")
    carried = "- {meeting: namnden 2027-02-01, completed: [{duty: situation-picture, decision: § 8}]}\n"
    for _ in range(2):
        text = page(made, "siv.sand", "organ/namnden/2027-02-01")
        assert "Genomfört" in text
        assert "inte justerat" not in text
        assert "Handlingarna finns hos nämnden." in text
        todo = plain(made.visitor("siv.sand").get(f"/{made.town}").text).split("Att göra nu")[1]
        assert "ämnden" not in todo.split("Kommande möten")[0]
        made.world.record("2027-02-02 09:00", carried)
    assert made.world.meeting("namnden", "2027-02-01").status == "held"


@pytest.mark.parametrize("person", ["siv.sand", "bo.hus"])
@pytest.mark.parametrize("day", ["2027-01-08", "2027-01-11", "2027-01-18"])
def test_meeting_page_asks_at_most_six_questions(pages: Callable[..., Pages], person: str, day: str) -> None:
    made = pages()
    made.world.until(day, HELD)
    visitor = made.visitor(person)
    with counted(made) as asked:
        visitor.get(f"/{made.town}/organ/gruppen/2027-01-12")
    assert len(asked) <= 6, asked


def test_papers_open_on_a_page_and_as_word(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-11")
    paper = made.world.papers("agenda")[0]
    visitor = made.visitor("bo.hus")
    at = f"/{made.town}/organ/gruppen/2027-01-12/handlingar"
    answer = visitor.get(f"{at}/{paper.id}")
    assert "<h1>Dagordning för gruppen</h1>" in answer.text
    assert "style=" not in answer.text
    word = visitor.get(f"{at}/{paper.id}.docx")
    assert word.content == paper.docx
    assert word.headers["content-disposition"] == 'attachment; filename="2027-01-12-dagordning-gruppen.docx"'


def test_paper_of_another_meeting_body_or_town_is_not_there(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until("2027-01-18")
    of_group, later = made.world.papers("agenda")[:2]
    siv = made.visitor("siv.sand")
    base = f"/{made.town}/organ"
    assert siv.get(f"{base}/gruppen/2027-01-12/handlingar/{of_group.id}").status_code == 200
    assert siv.get(f"{base}/gruppen/2027-01-12/handlingar/{later.id}").status_code == 404
    assert siv.get(f"{base}/radet/2027-02-10/handlingar/{of_group.id}.docx").status_code == 404
    assert siv.get(f"/annan/organ/gruppen/2027-01-12/handlingar/{of_group.id}").status_code == 404
    for odd in ("0", "x", "99999999999999", "1.docx.docx", "²"):
        assert siv.get(f"{base}/gruppen/2027-01-12/handlingar/{odd}").status_code == 404


def test_secret_items_are_veiled_and_papers_withheld_for_who_was_not_called(pages: Callable[..., Pages]) -> None:
    made = pages(SECRET)
    made.world.until("2027-01-18", HELD.replace("Beslut:", "Familjen Ek:"))
    siv, reader = page(made, "siv.sand"), page(made, "ro.las")
    assert "Familjen Ek" in siv
    assert "köper en lampa" in siv
    for word in ("Familjen", "lampa"):
        assert word not in reader
    assert "Ärende med sekretess" in reader
    assert "Handlingarna har ärenden med sekretess" in reader
    visitor = made.visitor("ro.las")
    statuses = {
        visitor.get(f"/{made.town}/organ/gruppen/2027-01-12/handlingar/{paper.id}{end}").status_code
        for paper in made.world.papers(occasion=made.world.meeting("gruppen", "2027-01-12"))
        for end in ("", ".docx")
    }
    assert statuses == {403}
    # The next agenda tells of the decision and the action: it is withheld too.
    assert "Handlingarna har ärenden med sekretess" in page(made, "ro.las", "organ/gruppen/2027-01-19")


def test_minutes_not_approved_are_for_those_called_and_open_to_readers_when_approved(
    pages: Callable[..., Pages],
) -> None:
    reader = "coordination_function: [siv.sand, ro.las]"
    config = TOWN.replace("coordination_function: [siv.sand]", reader).replace(
        "  bo.hus: {", "  ro.las: {name: Ro Läs, email: ro.las@prov.example, organisation: kommunen}\n  bo.hus: {"
    )
    made = pages(config)
    record = "- meeting: radet 2027-02-10\n  present: [kia.holm]\n  items:\n    Lägesbild: {account: Vi såg.}\n"
    approved = record + "  approved: {on: 2027-03-01, by: [kia.holm, pia.polis]}\n"
    made.world.until("2027-02-26", record)
    meeting = made.world.meeting("radet", "2027-02-10")
    draft = made.world.papers("minutes", meeting)[-1]
    at = f"/{made.town}/organ/radet/2027-02-10/handlingar/"
    assert made.visitor("ro.las").get(f"{at}{draft.id}").status_code == 403
    assert made.visitor("pia.polis").get(f"{at}{draft.id}").status_code == 200
    made.world.until("2027-03-02", approved)
    final = made.world.papers("minutes", meeting)[-1]
    assert final.id != draft.id
    assert made.visitor("ro.las").get(f"{at}{final.id}").status_code == 200
    assert made.visitor("ro.las").get(f"{at}{draft.id}").status_code == 403
