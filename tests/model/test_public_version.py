"""The copy that may be published: what is left out, and the proof that it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from governance.model.action import ActionItem
from governance.model.decision import Decision
from governance.model.meeting import Attendance, Attendee, MeetingFacts
from governance.model.minutes import ActionProgress, Minutes, MinutesItem
from governance.model.public_version import (
    INTERNAL_ACCOUNT,
    VEILED_ACCOUNT,
    VEILED_TITLE,
    Withheld,
    hidden,
    leaks,
    masked,
    public_version,
    withheld,
)

DAY = date(2027, 2, 10)
ZONE = ZoneInfo("Europe/Stockholm")
FACTS = MeetingFacts(
    "Prov", "Rådet", "regulated", datetime(2027, 2, 10, 13, tzinfo=ZONE), datetime(2027, 2, 10, 15, tzinfo=ZONE)
)


def action(number: str, text: str, comment: str = "") -> ActionItem:
    return ActionItem(number, text, "Bo Hus", "bo.hus", DAY, "in-progress", "Rådet", DAY, comment=comment)


def decision(text: str) -> Decision:
    return Decision("§ 1", "Titel", text, "Rådet", DAY)


SECRET = MinutesItem(
    "§ 2",
    "Hot mot en namngiven person",
    "decision",
    "Personen bor på Storgatan.",
    (decision("Rådet ger personen ett larm."),),
    (action("Å-2027-002", "Köpa ett larm"),),
    "secret",
    recused=("Bo Hus",),
    quorum="Beslutat av fyra",
)
INTERNAL = replace(
    SECRET,
    label="§ 3",
    title="Arbetsgång",
    account="Vi grälade.",
    decisions=(decision("Så arbetar vi."),),
    confidentiality="internal",
)
OPEN = MinutesItem("§ 1", "Torget", "decision", "Torget är mörkt.", (decision("Rådet lyser upp torget."),))
MINUTES = Minutes(
    "Protokoll",
    FACTS,
    (Attendance(Attendee("bo.hus", "Bo Hus", "Bostäder", "member"), "present", note="Gick hem med feber"),),
    (OPEN, SECRET, INTERNAL),
    (
        ActionProgress(action("Å-2027-001", "Beställa lampor", "Fördröjt av sjukdom")),
        ActionProgress(action("Å-2027-002", "Köpa ett larm")),
        ActionProgress(action("Å-2026-009", "Gammal hemlighet")),
    ),
)
PUBLIC = public_version(MINUTES, {"Å-2026-009": "secret"})


def test_secret_item_keeps_its_number_and_kind_and_nothing_else() -> None:
    assert PUBLIC.items[1] == MinutesItem("§ 2", VEILED_TITLE, "decision", VEILED_ACCOUNT, confidentiality="secret")


def test_internal_item_keeps_its_title_and_decisions() -> None:
    item = PUBLIC.items[2]
    assert (item.title, item.account, item.actions, item.recused) == ("Arbetsgång", INTERNAL_ACCOUNT, (), ())
    assert [each.text for each in item.decisions] == ["Så arbetar vi."]


def test_open_item_stands_as_it_was() -> None:
    assert PUBLIC.items[0] == OPEN


def test_actions_of_confidential_items_notes_and_comments_are_left_out() -> None:
    assert [each.action for each in PUBLIC.actions] == [action("Å-2027-001", "Beställa lampor")]
    assert [each.note for each in PUBLIC.attendance] == [""]
    assert PUBLIC.public


def test_addresses_and_numbers_are_replaced_but_for_the_contact_points() -> None:
    text = "Ring Eva, 070-123 45 67 eller eva@hem.example (19800101-1234). Tipsa trygghet@prov.example, 0123-45 60 00."
    assert masked(text, {"trygghet@prov.example", "0123-45 60 00"}) == (
        "Ring Eva, [telefonnummer] eller [e-postadress] ([personnummer]). Tipsa trygghet@prov.example, 0123-45 60 00."
    )


def test_dates_case_numbers_and_sums_are_no_telephone_numbers() -> None:
    text = "Den 2027-02-10 beslutades KS 2027-0098, § 12, 125 000 kr, kl. 09.00–10.30, Å-2027-014."
    assert masked(text) == text


# --- the proof -------------------------------------------------------------------------------------------------


def kept_back() -> set[str]:
    return {each.text for each in withheld(MINUTES)}


def test_what_is_withheld_is_every_text_that_went() -> None:
    assert kept_back() == {
        "Hot mot en namngiven person",
        "Personen bor på Storgatan.",
        "Köpa ett larm",
        "Beslutat av fyra",
        "Bo Hus",
        "Vi grälade.",
        "Gick hem med feber",
        "Rådet ger personen ett larm.",
        "Titel",
    }


def test_addresses_that_were_replaced_are_withheld() -> None:
    open_item = replace(OPEN, account="Skriv till eva@hem.example.")
    found = hidden(replace(MINUTES, items=(open_item,)), {"trygghet@prov.example"})
    assert [each.text for each in found] == ["eva@hem.example"]


def secret(text: str) -> list[Withheld]:
    return [Withheld(text, "§ 2")]


def test_four_words_in_a_row_are_a_leak_whatever_stands_between_them() -> None:
    text = "En kvinna på Storgatan fyra är hotad av sin granne."
    assert leaks(secret(text), ["Rådet såg att storgatan   FYRA,\när hotad."]) == (("storgatan fyra är hotad", "§ 2"),)
    assert leaks(secret(text), ["Rådet såg att Storgatan fyra är mörk."]) == ()


def test_a_short_whole_text_is_a_leak() -> None:
    assert leaks(secret("Hot mot Eva Ek"), ["Ärendet Hot mot Eva Ek."]) == (("hot mot eva ek", "§ 2"),)
    assert leaks(secret("Oro. Eva Ek är i fara. Ja."), ["Att Eva Ek är i fara"]) != ()


def test_a_run_with_digits_is_a_leak() -> None:
    assert leaks(secret("Hon är 19800101-1234, sa han"), ["(19800101-1234)"]) == (("19800101 1234", "§ 2"),)


def test_the_papers_own_wording_is_no_leak() -> None:
    text = "Rådet godkänner dagordningen."
    assert leaks(secret(text), ["Rådet godkänner dagordningen."], "<p>Rådet godkänner dagordningen</p>") == ()
    assert leaks(secret(text), ["Rådet godkänner dagordningen."]) == (("rådet godkänner dagordningen", "§ 2"),)
