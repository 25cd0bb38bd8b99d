"""The agenda in the making: what can be done to it, by whom, and what of it reaches the paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from governance.store.desk_tables import AgendaEntry, MinutesField
from governance.store.door_tables import AuditEntry
from tests.web.conftest import Pages, counted
from tests.web.eighth import EIGHTH, eighth
from tests.world import TOWN, plain

AT = "organ/gruppen/2027-01-12"
ITEM = {"title": "Skolvägen", "kind": "discussion", "minutes": "20", "confidentiality": "public"}


@pytest.fixture(scope="module")
def blank_archive(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not blank here: the town on the eighth of January."""
    return eighth(blank_archive, tmp_path_factory.mktemp("eighth"), TOWN)


def post(made: Pages, path: str, person: str = "siv.sand", /, **form: str) -> int:
    return made.visitor(person).post(f"/{made.town}/{path}", data=form).status_code


def text(made: Pages, path: str, person: str = "siv.sand") -> str:
    answer = made.visitor(person).get(f"/{made.town}/{path}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def entries(made: Pages, meeting: str = "2027-01-12", body: str = "gruppen") -> list[AgendaEntry]:
    """A meeting's own items in order; with meeting "" what the body has parked."""
    found = made.world.meeting(body, meeting).id if meeting else None
    with made.world.read() as session:
        rows = session.scalars(
            select(AgendaEntry).filter_by(body=body, occasion_id=found).order_by(AgendaEntry.position)
        )
        return list(rows)


def titles(made: Pages, meeting: str = "2027-01-12", body: str = "gruppen") -> list[str]:
    return [each.title for each in entries(made, meeting, body)]


def ready(pages: Callable[..., Pages], day: str = "") -> Pages:
    made = pages(start=EIGHTH)
    if day:
        made.world.until(day)
    return made


def test_first_change_copies_the_standing_items_and_the_new_one_stands_before_the_closing(
    pages: Callable[..., Pages],
) -> None:
    made = ready(pages)
    assert entries(made) == []
    assert post(made, f"{AT}/dagordning", **ITEM) == 303
    assert titles(made) == ["Öppnande", "Åtgärder", "Läget", "Beslut", "Skolvägen", "Nästa möte"]
    assert post(made, f"{AT}/dagordning", **ITEM) == 303  # the same once more changes nothing
    assert len(entries(made)) == 6


def test_agenda_that_leaves_has_the_items_of_the_desk_filled_from_their_sources(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM, proposal="Gruppen går ut och tittar.")
    post(made, f"{AT}/dagordning/flytta", ref=f"e{entries(made)[4].id}", to="2")
    made.world.until("2027-01-11")
    paper = made.world.text("agenda", made.world.meeting("gruppen", "2027-01-12"))
    assert "1 Öppnande Formalia 2 Skolvägen Diskussion" in paper
    assert "Förslag till beslut: Gruppen går ut och tittar." in paper
    assert "Inga åtgärder är öppna." in paper


def test_items_move_up_and_down_and_each_is_named_where_nothing_is_copied_yet(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    assert post(made, f"{AT}/dagordning/flytta", ref="s3", to="1") == 303
    assert titles(made) == ["Läget", "Öppnande", "Åtgärder", "Beslut", "Nästa möte"]
    assert post(made, f"{AT}/dagordning/flytta", ref="s3", to="1") == 422  # a page fetched before the first change
    last = entries(made)[0].id
    assert post(made, f"{AT}/dagordning/flytta", ref=f"e{last}", to="99") == 303
    assert titles(made)[-1] == "Läget"


def test_item_is_changed_parked_and_taken_in_again(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    item = f"e{entries(made)[4].id}"
    assert 'value="Skolvägen"' in made.visitor("siv.sand").get(f"/{made.town}/{AT}/dagordning/{item}").text
    post(made, f"{AT}/dagordning/{item}", **{**ITEM, "title": "Skolvägen i mörker", "presenter": "Pia Polis"})
    assert (entries(made)[4].title, entries(made)[4].presenter) == ("Skolvägen i mörker", "Pia Polis")
    post(made, f"{AT}/dagordning/{item}/parkera")
    assert titles(made, "") == ["Skolvägen i mörker"]
    assert "Skolvägen i mörker Diskussion · Pia Polis · 20 min · parkerat från mötet den 12 januari 2027" in text(
        made, "organ/gruppen/parkerat"
    )
    assert post(made, "organ/gruppen/2027-01-19/dagordning/ta-in", ref=item) == 303
    assert "Skolvägen i mörker" in titles(made, "2027-01-19")
    assert titles(made, "") == []
    assert post(made, "organ/gruppen/2027-01-19/dagordning/ta-in", ref=item) == 303  # it stands there already


def test_last_item_of_an_agenda_stays(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning/s1/ta-bort")
    for entry in entries(made)[1:]:
        assert post(made, f"{AT}/dagordning/e{entry.id}/ta-bort") == 303
    assert post(made, f"{AT}/dagordning/e{entries(made)[0].id}/ta-bort") == 422
    assert len(entries(made)) == 1


def test_time_boxes_show_when_each_item_begins_and_by_how_much_they_overrun(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    for place, minutes in enumerate(("10", "20", "15", "20", "10"), start=1):
        ref = f"e{entries(made)[place - 1].id}" if entries(made) else f"s{place}"
        post(made, f"{AT}/dagordning/{ref}", title=f"Ärende {place}", kind="information", minutes=minutes)
    found = text(made, f"{AT}/dagordning")
    assert "Tidsplanen går 15 minuter över 75 minuter är fördelade, men mötet är 60 minuter." in found
    assert "2 Ärende 2 kl. 09.10" in found
    assert "5 Ärende 5 kl. 10.05" in found


def test_wrong_form_is_drawn_again_with_what_was_typed(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    answer = made.visitor("siv.sand").post(
        f"/{made.town}/{AT}/dagordning", data={**ITEM, "title": "", "minutes": "tio", "text": "Mina <b>ord</b>"}
    )
    assert answer.status_code == 422
    assert "Mina &lt;b&gt;ord&lt;/b&gt;" in answer.text
    found = plain(answer.text)
    assert "Skriv en rubrik. Skriv tiden i hela minuter, 1 till 480." in found
    assert entries(made) == []


def test_title_taken_by_another_item_is_refused(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    answer = made.visitor("siv.sand").post(f"/{made.town}/{AT}/dagordning", data={**ITEM, "title": "läget"})
    assert (answer.status_code, "Det finns redan ett ärende med rubriken ”Läget”." in plain(answer.text)) == (422, True)
    assert entries(made) == []


def test_item_goes_to_another_body_and_waits_there_with_its_origin(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    item = f"e{entries(made)[4].id}"
    assert post(made, f"{AT}/dagordning/{item}/lamna-over", to="namnden") == 404
    assert post(made, f"{AT}/dagordning/{item}/lamna-over", to="radet") == 303
    assert "Skolvägen" not in titles(made)
    assert [(each.title, each.origin) for each in entries(made, "", "radet")] == [
        ("Skolvägen", "från gruppen den 8\u00a0januari 2027")
    ]
    assert "från gruppen den 8 januari 2027" in text(made, "organ/radet/2027-02-10/dagordning")


def test_secret_item_is_never_handed_over(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **{**ITEM, "confidentiality": "secret"})
    assert post(made, f"{AT}/dagordning/e{entries(made)[4].id}/lamna-over", to="radet") == 422


def test_item_comes_up_again_next_year_when_its_time_comes(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    item = f"e{entries(made)[4].id}"
    for _ in range(2):  # twice is once
        assert post(made, f"{AT}/dagordning/{item}/nasta-ar") == 303
    assert [(each.title, each.not_before, each.origin) for each in entries(made, "")] == [
        ("Skolvägen", date(2028, 1, 11), "uppe den 12\u00a0januari 2027")
    ]
    assert "Tas upp igen 11 januari 2028" in text(made, "organ/gruppen/2027-01-19/dagordning")
    assert "Dags att ta upp igen" in text(made, "organ/gruppen/2028-01-11/dagordning")


# --- proposals -------------------------------------------------------------------------------------------------


def test_members_proposal_waits_and_reaches_no_paper_until_it_is_taken_in(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    for _ in range(2):
        assert post(made, f"{AT}/dagordning/forslag", "bo.hus", **ITEM) == 303
    (proposal,) = entries(made)
    assert (proposal.proposed, proposal.late, proposal.origin) == (True, False, "förslag från Bo Hus")
    assert "Dina förslag som väntar Skolvägen" in text(made, f"{AT}/dagordning/forslag", "bo.hus")
    assert "Dina förslag" not in text(made, f"{AT}/dagordning/forslag", "pia.polis")
    assert "Förslag som väntar Skolvägen" in text(made, f"{AT}/dagordning")
    made.world.until("2027-01-11")
    assert "Skolvägen" not in made.world.text("agenda", made.world.meeting("gruppen", "2027-01-12"))


def test_proposal_that_is_taken_in_stands_among_the_standing_items(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning/forslag", "bo.hus", **ITEM)
    assert post(made, f"{AT}/dagordning/ta-in", ref=f"e{entries(made)[0].id}") == 303
    assert titles(made) == ["Öppnande", "Åtgärder", "Läget", "Beslut", "Skolvägen", "Nästa möte"]
    made.world.until("2027-01-11")
    assert "5 Skolvägen" in made.world.text("agenda", made.world.meeting("gruppen", "2027-01-12"))


def test_proposal_after_the_last_day_for_items_is_marked_late(pages: Callable[..., Pages]) -> None:
    made = ready(pages, day="2027-01-11")
    assert "Sista dagen att anmäla ärenden har passerat." in text(made, f"{AT}/dagordning/forslag", "bo.hus")
    post(made, f"{AT}/dagordning/forslag", "bo.hus", **ITEM)
    assert entries(made)[0].late
    assert "Inkom sent" in text(made, f"{AT}/dagordning")


# --- after it has left -----------------------------------------------------------------------------------------


def test_change_after_the_agenda_has_left_waits_for_a_confirmed_new_version(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    made.world.go("2027-01-11 13:00")
    meeting = made.world.meeting("gruppen", "2027-01-12")
    assert post(made, f"{AT}/dagordning", **ITEM) == 303
    made.world.go("2027-01-11 14:00")
    assert [each.version for each in made.world.papers("agenda", meeting)] == [1]
    assert "Du har ändrat dagordningen sedan version 1 skickades." in text(made, f"{AT}/dagordning")
    assert post(made, f"{AT}/dagordning/ny-version") == 422
    assert post(made, f"{AT}/dagordning/ny-version", confirm="ja") == 303
    assert "Version 2 är på väg" in text(made, f"{AT}/dagordning")
    made.world.go("2027-01-11 15:00")
    assert [each.version for each in made.world.papers("agenda", meeting)] == [1, 2]
    assert "5 Skolvägen" in made.world.text("agenda", meeting, 2)
    assert made.world.told("agenda", meeting) == sorted(["kia.holm", "siv.sand", "pia.polis", "bo.hus"] * 2)
    assert "Version 2 är skickad." in text(made, f"{AT}/dagordning")
    assert post(made, f"{AT}/dagordning/ny-version", confirm="ja") == 422  # nothing new to tell


def test_new_version_keeps_the_rows_of_the_items_that_stand(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    made.world.go("2027-01-11 13:00")
    before = {row[3]: row[0] for row in made.world.everything()["items"] if row[1] == 1}
    post(made, f"{AT}/dagordning", **ITEM)
    post(made, f"{AT}/dagordning/e{entries(made)[0].id}/ta-bort")
    post(made, f"{AT}/dagordning/ny-version", confirm="ja")
    made.world.go("2027-01-11 15:00")
    after = {row[3]: row[0] for row in made.world.everything()["items"] if row[1] == 1}
    assert set(after) == {"Åtgärder", "Läget", "Beslut", "Skolvägen", "Nästa möte"}
    assert {title: after[title] for title in before if title in after} == {
        title: before[title] for title in before if title != "Öppnande"
    }


def test_nothing_changes_once_the_meeting_is_over_or_has_begun(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    first = f"e{entries(made)[0].id}"
    before = made.world.everything()["agenda_entries"]
    for moment in ("2027-01-12 09:00", "2027-01-13 09:00"):
        made.world.go(moment)
        assert "ligger fast" in text(made, f"{AT}/dagordning")
        assert post(made, f"{AT}/dagordning", **{**ITEM, "title": "Nytt"}) == 422
        assert post(made, f"{AT}/dagordning/{first}", **{**ITEM, "title": "Annat"}) == 422
        assert post(made, f"{AT}/dagordning/flytta", ref=first, to="3") == 422
        assert post(made, f"{AT}/dagordning/{first}/ta-bort") == 422
        assert post(made, f"{AT}/dagordning/{first}/parkera") == 422
        assert post(made, f"{AT}/dagordning/forslag", "bo.hus", **ITEM) == 422
    assert made.world.everything()["agenda_entries"] == before


def test_version_two_is_not_made_once_the_minutes_have_begun(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    made.world.go("2027-01-11 13:00")
    post(made, f"{AT}/dagordning", **ITEM)
    assert post(made, f"{AT}/dagordning/ny-version", confirm="ja") == 303
    meeting = made.world.meeting("gruppen", "2027-01-12")
    with made.world.office.archive.write() as session:
        field = MinutesField(occasion_id=meeting.id, name="meeting:begun", version=1, text="", person="siv.sand")
        field.at = made.world.office.now
        session.add(field)
    made.world.go("2027-01-11 15:00")
    assert [each.version for each in made.world.papers("agenda", meeting)] == [1]
    assert made.world.steps(meeting)["agenda"].evidence == "ingen ny version: mötet har börjat antecknas"
    assert "har börjat antecknas och dagordningen ligger fast" in text(made, f"{AT}/dagordning")


# --- preview, limits, who may -------------------------------------------------------------------------------------


def test_preview_shows_the_paper_and_stores_nothing(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    siv = made.visitor("siv.sand")
    before = made.world.everything()
    answer = siv.get(f"/{made.town}/{AT}/dagordning/forhandsvisning")
    assert "5 Skolvägen Diskussion" in plain(answer.text)
    assert "style=" not in answer.text
    assert made.world.everything() == before


@pytest.mark.parametrize("rest", ["dagordning", "dagordning/forslag", "dagordning/s2"])
@pytest.mark.parametrize("day", ["", "2027-01-11"])
def test_pages_of_the_agenda_ask_at_most_six_questions(pages: Callable[..., Pages], rest: str, day: str) -> None:
    made = ready(pages, day=day)
    siv = made.visitor("siv.sand")
    with counted(made) as asked:
        assert siv.get(f"/{made.town}/{AT}/{rest}").status_code == 200
    assert len(asked) <= 6
    with counted(made) as asked:
        assert siv.get(f"/{made.town}/organ/gruppen/parkerat").status_code == 200
    assert len(asked) <= 6


def test_items_of_another_meeting_body_or_parked_are_not_there(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    post(made, "organ/gruppen/parkerat", **{**ITEM, "title": "Väntar"})
    here, waiting = f"e{entries(made)[4].id}", f"e{entries(made, '')[0].id}"
    before = made.world.everything()["agenda_entries"]
    elsewhere = ("organ/gruppen/2027-01-19", "organ/radet/2027-02-10")
    for place in elsewhere:
        assert made.visitor("siv.sand").get(f"/{made.town}/{place}/dagordning/{here}").status_code == 404
        assert post(made, f"{place}/dagordning/{here}", **ITEM) == 404
        assert post(made, f"{place}/dagordning/flytta", ref=here, to="1") == 404
        assert post(made, f"{place}/dagordning/ta-in", ref=here) == 404
        for deed in ("ta-bort", "parkera", "nasta-ar"):
            assert post(made, f"{place}/dagordning/{here}/{deed}") == 404
        assert post(made, f"{place}/dagordning/{here}/lamna-over", to="gruppen") == 404
    assert post(made, f"{AT}/dagordning/{waiting}/ta-bort") == 404
    assert post(made, "organ/radet/2027-02-10/dagordning/ta-in", ref=waiting) == 404
    assert post(made, "organ/radet/parkerat/ta-bort", ref=waiting) == 404
    assert post(made, "organ/gruppen/parkerat/ta-bort", ref=here) == 404
    assert post(made, f"{AT}/arende/1/nasta-ar") == 404
    for odd in ("e", "e0", "x1", "s0", "s99", "e99999999999", "e²"):
        assert post(made, f"{AT}/dagordning/{odd}/ta-bort") in {404, 422}
    assert made.world.everything()["agenda_entries"] == before


def test_members_neither_see_nor_change_the_agenda_in_the_making(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    bo = made.visitor("bo.hus")
    for path in (f"{AT}/dagordning", f"{AT}/dagordning/forhandsvisning", "organ/gruppen/parkerat"):
        assert bo.get(f"/{made.town}/{path}").status_code == 403
    assert post(made, f"{AT}/dagordning", "bo.hus", **ITEM) == 403
    assert entries(made) == []


def test_what_is_done_to_an_agenda_is_noted_without_its_words(pages: Callable[..., Pages]) -> None:
    made = ready(pages)
    post(made, f"{AT}/dagordning", **ITEM)
    entry = entries(made)[4].id
    post(made, f"{AT}/dagordning/e{entry}/parkera")
    post(made, "organ/gruppen/parkerat/ta-bort", ref=f"e{entry}")
    with made.world.read() as session:
        rows = [(row.person, row.action, row.object) for row in session.scalars(select(AuditEntry))]
    assert rows == [
        ("siv.sand", "agenda.add", f"gruppen/2027-01-12/{entry}"),
        ("siv.sand", "agenda.park", f"gruppen/2027-01-12/{entry}"),
        ("siv.sand", "agenda.drop", f"gruppen/{entry}"),
    ]


def test_item_dealt_with_is_taken_up_again_from_the_meetings_page(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.until(
        "2027-01-13", "- meeting: gruppen 2027-01-12\n  present: [kia.holm]\n  items: {Beslut: {account: Ja.}}"
    )
    items = {row[3]: row[0] for row in made.world.everything()["items"]}
    assert post(made, f"{AT}/arende/{items['Beslut']}/nasta-ar") == 303
    assert [(each.title, each.not_before) for each in entries(made, "")] == [("Beslut", date(2028, 1, 11))]
