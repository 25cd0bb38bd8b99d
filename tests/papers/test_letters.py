"""The letters: what each one says, in subject, text and page."""

import re
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from governance.model.action import ActionItem
from governance.model.follow_up import DutyState
from governance.model.meeting import MeetingFacts
from governance.papers.templates import Letter, Templates

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TEMPLATES = Path(__file__).parents[2] / "templates"
FACTS = MeetingFacts(
    municipality="Storåns kommun",
    body="Operativa gruppen",
    formality="informal",
    starts=datetime(2027, 1, 12, 9, tzinfo=STOCKHOLM),
    ends=datetime(2027, 1, 12, 10, tzinfo=STOCKHOLM),
    place="Stadshuset, Lilla salen",
    chair="Per Sjögren",
    secretary="Mats Öberg",
    contact_name="Trygghetssamordnaren",
    contact_email="trygghet@storan.example",
    contact_phone="0123-45 60 00",
)
ACTIONS = (
    ActionItem(
        "Å-2027-003", "Laga gångtunnelns belysning", "Tove Lindgren", "tove.lindgren", date(2027, 1, 8),
        "in-progress", "Operativa gruppen", date(2027, 1, 5), age=1, late=True,
    ),
    ActionItem(
        "Å-2027-004", "Kontakta <b>föreningarna</b> & skolan", "Tove Lindgren", "tove.lindgren", None,
        "not-started", "Operativa gruppen", date(2027, 1, 5),
    ),
)  # fmt: skip
DUTY = DutyState(
    section="6 §",
    text="lägesbilden uppdateras minst vartannat år",
    carrier="Kommunstyrelsen",
    evidence="",
    last_done=date(2025, 6, 10),
    next_due=date(2027, 6, 10),
    state="due",
)
COMMON = {"facts": FACTS, "recipient_name": "Tove Lindgren", "sender_name": "Mats Öberg"}
STATUS = {"questions": ["Otrygghet", "Anmälda brott"], "actions": ACTIONS, "answer_by": date(2027, 1, 11)}
CONTEXTS: dict[str, dict[str, Any]] = {
    "invitation": COMMON,
    "change": COMMON
    | {
        "old_starts": datetime(2027, 1, 11, 13, tzinfo=STOCKHOLM),
        "old_ends": datetime(2027, 1, 11, 14, tzinfo=STOCKHOLM),
        "old_place": "Stadshuset, sal Ån",
        "reason": "utbildningsdag",
    },
    "cancellation": COMMON | {"reason": "utbildningsdag", "next_meeting": datetime(2027, 1, 19, 9, tzinfo=STOCKHOLM)},
    "withdrawal": COMMON,
    "status_request": COMMON | STATUS,
    "status_reminder": COMMON | STATUS,
    "agenda": COMMON | {"paper_title": "Kallelse och dagordning", "actions": ACTIONS},
    "minutes": COMMON | {"paper_title": "Minnesanteckningar", "actions": ACTIONS},
    "situation": COMMON | {"paper_title": "Veckolägesbild vecka 2 2027"},
    "sign_in": {
        "recipient_name": "Tove Lindgren",
        "sender_name": "Trygghetssamordnaren",
        "municipality": "Storåns kommun",
        "url": "https://kadens.storan.example/logga-in/lank/abc",
        "code": "ABCD-EFGH",
        "minutes": 15,
    },
    "duty_reminder": {
        "recipient_name": "Mats Öberg",
        "sender_name": "Trygghetssamordnaren",
        "municipality": "Storåns kommun",
        "duty": DUTY,
        "meetings": (("Kommunstyrelsen", datetime(2027, 6, 7, 13, tzinfo=STOCKHOLM)),),
    },
    "overdue": {
        "recipient_name": "Mats Öberg",
        "sender_name": "Trygghetssamordnaren",
        "municipality": "Storåns kommun",
        "duty": DUTY,
    },
    "hand_in": {
        "recipient_name": "Mats Öberg",
        "sender_name": "Trygghetssamordnaren",
        "municipality": "Storåns kommun",
        "paper_title": "Tvåårsuppföljning enligt 6 § lagen (2023:196)",
        "receiver": "Kommunstyrelsen",
        "meeting_date": date(2027, 6, 7),
    },
    "product_start": {
        "recipient_name": "Mats Öberg",
        "sender_name": "Trygghetssamordnaren",
        "municipality": "Storåns kommun",
        "product_title": "Kvartalsanalys",
        "due": date(2027, 4, 15),
        "receivers": "Beredningsgruppen",
        "made_by_kadens": False,
    },
    "approval": COMMON | {"approvers": ("Henrik Dahl",)},
    "missing_record": COMMON | {"paper_title": "Protokoll", "due": date(2027, 1, 14)},
}
WHEN = "tisdag 12 januari 2027 kl. 09.00–10.00 (vecka 2)"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates([TEMPLATES])


def letter(templates: Templates, name: str, **changed: Any) -> Letter:
    made = templates.letter(name, **(CONTEXTS[name] | changed))
    return Letter(*(text.replace("\xa0", " ") for text in (made.subject, made.text, made.html)))


def words(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def test_every_letter_file_has_its_example_here() -> None:
    files = {path.name.removesuffix(".md.j2") for path in (TEMPLATES / "letters").glob("*.j2")}
    assert files - {"example"} == set(CONTEXTS)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("invitation", "Inbjudan: Operativa gruppen tisdag 12 januari 2027"),
        ("change", "Ändrad tid: Operativa gruppen tisdag 12 januari 2027"),
        ("cancellation", "Inställt: Operativa gruppen tisdag 12 januari 2027"),
        ("status_request", "Hur är läget? Inför operativa gruppen tisdag 12 januari 2027"),
        ("status_reminder", "Påminnelse: Hur är läget? Inför operativa gruppen tisdag 12 januari 2027"),
        ("agenda", "Kallelse och dagordning: Operativa gruppen tisdag 12 januari 2027"),
        ("minutes", "Minnesanteckningar: Operativa gruppen tisdag 12 januari 2027"),
        ("situation", "Veckolägesbild vecka 2 2027"),
        ("hand_in", "Att lämna in: Tvåårsuppföljning enligt 6 § lagen (2023:196) till kommunstyrelsen den 7 juni 2027"),
        ("product_start", "Dags att börja: Kvartalsanalys till den 15 april 2027"),
        ("approval", "Dags att justera: Operativa gruppen tisdag 12 januari 2027"),
        ("withdrawal", "Avbokat för dig: Operativa gruppen tisdag 12 januari 2027"),
        ("overdue", "Fristen har gått ut: 6 § lagen (2023:196)"),
        ("duty_reminder", "I god tid: 6 § lagen (2023:196), klart senast den 10 juni 2027"),
        ("missing_record", "Dags att anteckna mötet: Operativa gruppen tisdag 12 januari 2027"),
    ],
)
def test_subject_says_what_it_is_about(name: str, subject: str, templates: Templates) -> None:
    assert letter(templates, name).subject == subject


@pytest.mark.parametrize("name", CONTEXTS)
def test_letter_greets_and_signs_and_is_short(name: str, templates: Templates) -> None:
    made = letter(templates, name)
    sender, municipality = CONTEXTS[name]["sender_name"], "Storåns kommun"
    assert f"\nHej {CONTEXTS[name]['recipient_name']}!\n" in made.text
    assert made.text.endswith(f"Vänliga hälsningar\n{sender}\n{municipality}\n")
    assert "saknas" not in made.subject + made.text
    assert len(made.text.split()) < 220


@pytest.mark.parametrize("name", CONTEXTS)
def test_text_holds_every_word_of_the_page(name: str, templates: Templates) -> None:
    made = letter(templates, name)
    main = made.html.partition("<main>")[2].partition("</main>")[0]
    shown = re.sub(r'<a href="([^"]+)">(.*?)</a>', r"\2 \1", main)  # in text an address stands beside its words
    page = unescape(re.sub(r"<[^>]+>", " ", shown))
    assert main.count("<h1>") == 1
    letters = re.compile(r"\w+")
    assert sorted(letters.findall(page)) == sorted(letters.findall(made.text))


@pytest.mark.parametrize("name", [name for name, context in CONTEXTS.items() if "facts" in context])
def test_date_is_in_words_with_its_week(name: str, templates: Templates) -> None:
    assert WHEN in words(letter(templates, name).text)


def test_change_shows_the_new_time_beside_the_old(templates: Templates) -> None:
    text = letter(templates, "change").text
    assert f"\nNy tid: {WHEN}\nFörra tiden: måndag 11 januari 2027 kl. 13.00–14.00 (vecka 2)\n" in text
    assert "\nNy plats: Stadshuset, Lilla salen\nFörra platsen: Stadshuset, sal Ån\nSkäl: Utbildningsdag\n" in text


def test_change_of_place_alone_says_so(templates: Templates) -> None:
    made = letter(templates, "change", old_starts=FACTS.starts, old_ends=FACTS.ends, reason="")
    assert made.subject == "Ändrad plats: Operativa gruppen tisdag 12 januari 2027"
    assert f"\nTid: {WHEN}\nNy plats: Stadshuset, Lilla salen\nFörra platsen: Stadshuset, sal Ån\n" in made.text
    assert "Förra tiden" not in made.text


def test_cancellation_gives_reason_and_next_meeting(templates: Templates) -> None:
    text = words(letter(templates, "cancellation").text)
    assert f"Mötet {WHEN} är inställt. Skäl: utbildningsdag." in text
    assert "Nästa möte är tisdag 19 januari 2027 kl. 09.00." in text


@pytest.mark.parametrize("name", ["status_request", "status_reminder"])
def test_status_letter_asks_and_says_how_to_answer(name: str, templates: Templates) -> None:
    text = letter(templates, name).text
    assert "\n- Otrygghet\n- Anmälda brott\n" in text
    assert " - Å-2027-003 Laga gångtunnelns belysning – klart senast den 8 januari 2027 (försenad) - Å" in words(text)
    assert "\n- Å-2027-004 Kontakta <b>föreningarna</b> & skolan\n" in text
    assert "Svara på det här mejlet senast måndag 11 januari 2027." in words(text)
    assert "Nämn aldrig enskilda personer" in words(text)
    assert "Svara här" not in text


@pytest.mark.parametrize("name", ["status_request", "status_reminder"])
def test_status_letter_leads_with_the_readers_own_link_where_there_is_a_page(name: str, templates: Templates) -> None:
    made = letter(templates, name, answer_url="https://storan.example/svar/a-_b?c=1&d=2")
    text = words(made.text)
    assert "Svara här <https://storan.example/svar/a-_b?c=1&d=2>, det tar under en minut." in text
    assert text.index("Svara här") < text.index("Frågorna") < text.index("Du kan också svara på det här mejlet.")
    assert '<a href="https://storan.example/svar/a-_b?c=1&amp;d=2"><strong>Svara här</strong></a>' in made.html


def test_what_people_write_is_text_and_nothing_else(templates: Templates) -> None:
    made = letter(templates, "status_request", questions=["<script>alert(1)</script>", "# Rubrik"])
    assert "<script>" not in made.html
    assert "- # Rubrik\n" in made.text


def test_letter_without_questions_or_actions_has_no_empty_headings(templates: Templates) -> None:
    text = letter(templates, "status_request", questions=[], actions=()).text
    assert "Frågorna" not in text
    assert "Dina öppna åtgärder" not in text


def test_agenda_sent_again_says_that_it_replaces_the_former(templates: Templates) -> None:
    assert "ersätter" not in letter(templates, "agenda").text
    assert "Den ersätter den du fick tidigare." in words(letter(templates, "agenda", version=2).text)


def test_duty_reminder_names_the_law_the_date_and_the_last_meetings(templates: Templates) -> None:
    text = letter(templates, "duty_reminder").text
    assert "\nVad: Lägesbilden uppdateras minst vartannat år\n" in text
    assert "\nKlart senast: torsdag 10 juni 2027\n" in text
    assert "\n- Kommunstyrelsen måndag 7 juni 2027 (vecka 23)\n" in text
    assert "Inget möte är planerat före dess." in letter(templates, "duty_reminder", meetings=()).text
