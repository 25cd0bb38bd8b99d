"""One's own account: where one is signed in, what one may do, and out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.web.conftest import Pages, counted
from tests.world import TOWN, plain

MakePages = Callable[..., Pages]


def test_account_shows_ones_sessions_and_means_and_no_one_elses(pages: MakePages) -> None:
    made = pages()
    made.visitor("bo.hus")
    made.visitor("siv.sand")
    world = made.world
    world.office = replace(world.office, now=world.office.now + timedelta(minutes=4))
    text = plain(made.visitor("siv.sand").get("/konto").text)
    assert text.count("med länk eller kod från ett mejl") == 2
    assert text.count("den här webbläsaren") == 1
    newest, older = text.index("Sedan 1 januari 2027 kl. 06.04"), text.index("Sedan 1 januari 2027 kl. 06.00")
    assert newest < text.index("den här webbläsaren") < older


def test_account_says_roles_in_words_for_each_body(pages: MakePages) -> None:
    made = pages(TOWN + "access: {admin: [bo.hus]}\n")
    text = {each: plain(made.visitor(each).get("/konto").text) for each in ("siv.sand", "bo.hus")}
    assert "Gruppen sekreterare Rådet sekreterare" in text["siv.sand"]
    assert "Gruppen ledamot, administratör Rådet administratör" in text["bo.hus"]
    assert ["Loggen över" in text[each] for each in text] == [False, True]


def test_coordination_function_is_not_called_secretary_of_a_body_without_one(pages: MakePages) -> None:
    made = pages(TOWN.replace("      - {role: secretary, title: Samordnare, held_by: siv.sand}\n", "", 1))
    text = plain(made.visitor("siv.sand").get("/konto").text)
    assert "Gruppen samordningsfunktionen Rådet sekreterare" in text


def test_out_everywhere_ends_every_session_of_the_address_and_no_others(pages: MakePages) -> None:
    made = pages()
    here, there, other = made.visitor("siv.sand"), made.visitor("siv.sand"), made.visitor("bo.hus")
    answer = here.post("/konto/overallt")
    assert (answer.status_code, answer.headers["location"]) == (303, "/logga-in?klart=overallt")
    assert "Du är utloggad överallt." in here.get(answer.headers["location"]).text
    assert [each.get("/konto").status_code for each in (here, there, other)] == [303, 303, 200]


def test_account_of_an_address_no_longer_in_the_config_says_so(pages: MakePages) -> None:
    made = pages()
    browser = made.visitor("siv.sand")
    made.world.file.write_text(made.world.file.read_text("utf-8").replace("siv.sand@", "ny@"), "utf-8")
    made.hall._read = 0.0
    assert "Din adress har inte längre tillgång till sidorna." in browser.get("/konto").text


def test_account_asks_two_questions(pages: MakePages) -> None:
    made = pages()
    browser = made.visitor("siv.sand")
    with counted(made) as asked:
        browser.get("/konto")
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) == 2
