"""What is left of a reply when the mail it answers is taken away."""

from __future__ import annotations

import pytest

from governance.model.quoting import own_words

SAID = "Tre inbrott på Norrby.\n\nAnnars lugnt."


@pytest.mark.parametrize(
    "below",
    [
        "Den tis 5 jan. 2027 kl 08:00 skrev Gruppen, Provköpings kommun <t@prov.example>:\n> Hej Bo!\n>\n> Snart",
        "Den tis 5 jan. 2027 kl 08:00 skrev Gruppen, Provköpings kommun\n<trygghet@prov.example>:\n\n> Hej Bo!",
        "On Tue, Jan 5, 2027 at 8:00 AM Gruppen\n<trygghet@prov.example>\nwrote:\n\n> Hej Bo!",
        "5 jan. 2027 kl. 08:00 skrev Gruppen <trygghet@prov.example>:\n\n> Hej Bo!",
        "Från: Gruppen <trygghet@prov.example>\nSkickat: den 5 januari 2027 08:00\nTill: Bo Hus\nÄmne: Läget\n\nHej!",
        "*Från:* Gruppen <trygghet@prov.example>\n*Skickat:* den 5 januari 2027 08:00\n\nHej Bo!",
        "From: Gruppen\nSent: Tuesday, January 5, 2027 8:00 AM\nTo: Bo\n\nHej Bo!",
        "________________________________\nFrån: Gruppen\nHej Bo!",
        "-----Ursprungligt meddelande-----\nFrån: Gruppen\nHej Bo!",
        "-----Original Message-----\nHej Bo!",
        "-- \nBo Hus\nOmrådeschef",
        "Skickat från min iPhone",
        "Hämta Outlook för Android",
        "> Hej Bo!\n> Snart ses vi",
        "",
    ],
)
def test_only_the_writers_words_are_left(below: str) -> None:
    assert own_words(f"{SAID}\r\n\r\n{below}\n") == SAID


def test_line_right_above_the_quote_is_the_writers() -> None:
    assert own_words("Tre inbrott.\nDen 5 jan. 2027 skrev Gruppen:\n> Hej Bo!") == "Tre inbrott."


def test_answers_between_quoted_questions_are_kept() -> None:
    mail = "Den 5 januari 2027 skrev Gruppen:\n> Brott\n\nTre inbrott.\n\n> Otrygghet\nMörkt vid bron."
    assert own_words(mail) == "Tre inbrott.\n\nMörkt vid bron."


@pytest.mark.parametrize(
    "text",
    [
        "Den nya belysningen är bra, skrev hyresgästerna: den lyser.",
        "Från: torget till bron är det mörkt.",
        "Till skolan – frågan skrev vi om:\nden är kvar.",
    ],
)
def test_plain_sentences_are_no_quotes(text: str) -> None:
    assert own_words(text) == text


def test_where_nothing_would_be_left_all_is_kept() -> None:
    mail = "Från: Gruppen\nSkickat: 5 januari\n\nBrott: tre inbrott"
    assert own_words(mail) == mail
