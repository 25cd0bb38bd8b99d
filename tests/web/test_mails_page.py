"""A meeting's mails: read before they leave, held back, released, stopped, and sent once more as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from governance.secretariat.delivery import mail_folder
from governance.secretariat.ledger import ledger, owed_in_words
from governance.store.tables import Dispatch
from tests.web.conftest import Pages, counted
from tests.web.eighth import EIGHTH, eighth
from tests.world import TOWN, plain

FOLDER = TOWN.replace("mail: dry-run", "mail: folder")
AT = "organ/gruppen/2027-01-12"
HELD = "Fyra mejl om Gruppen 2027-01-12 hålls inne: utkastläge."


@pytest.fixture(scope="module")
def blank_archive(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not blank here: the town on the eighth of January."""
    return eighth(blank_archive, tmp_path_factory.mktemp("eighth"), FOLDER)


def post(made: Pages, path: str, person: str = "siv.sand", /, **form: str) -> int:
    return made.visitor(person).post(f"/{made.town}/{path}", data=form).status_code


def text(made: Pages, path: str, person: str = "siv.sand") -> str:
    answer = made.visitor(person).get(f"/{made.town}/{path}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def states(made: Pages, kind: str = "agenda", day: str = "2027-01-12") -> list[str]:
    return [each.state for each in made.world.dispatches(kind, made.world.meeting("gruppen", day))]


def drafting(pages: Callable[..., Pages]) -> Pages:
    """A world where the group's agenda was written while its mail was held back."""
    made = pages(FOLDER, EIGHTH)
    assert post(made, "organ/gruppen/utkastlage", on="ja") == 303
    made.world.go("2027-01-11 13:00")
    return made


def files(made: Pages) -> dict[str, bytes]:
    folder = mail_folder(made.world.office, made.world.municipality)
    return {path.name: path.read_bytes() for path in folder.glob("*dagordning*2027-01-12*")}


def test_mail_of_a_body_in_draft_mode_stays_in_until_it_is_released(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    made.world.go("2027-01-11 14:00")
    assert (states(made), files(made)) == (["held"] * 4, {})
    assert "4 mejl väntar på dig" in text(made, f"{AT}/brev")
    first = made.world.dispatches("agenda")[0]
    assert post(made, f"{AT}/brev/slapp", mail=str(first.id)) == 303
    made.world.go("2027-01-11 15:00")
    assert (states(made), len(files(made))) == (["sent", "held", "held", "held"], 1)
    for _ in range(2):  # twice is once
        assert post(made, f"{AT}/brev/slapp", mail="alla") == 303
    made.world.go("2027-01-11 16:00")
    assert (states(made), len(files(made))) == (["sent"] * 4, 4)


def test_draft_mode_holds_no_other_bodys_mail_and_ends_for_new_mail(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    made.world.until("2027-01-13")
    assert {each.state for each in made.world.dispatches() if "/radet/" in each.key} <= {"sent"}
    assert post(made, "organ/gruppen/utkastlage", on="nej") == 303
    made.world.until("2027-01-18")
    assert (states(made), states(made, day="2027-01-19")) == (["held"] * 4, ["sent"] * 4)


def test_stopped_mail_never_leaves_and_says_who_stopped_it(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    assert post(made, f"{AT}/brev/stoppa", mail="alla") == 303
    post(made, f"{AT}/brev/slapp", mail="alla")
    made.world.go("2027-01-11 15:00")
    assert (states(made), files(made)) == (["withheld"] * 4, {})
    assert "Stoppat av Siv Sand" in text(made, f"{AT}/brev")


def test_held_mail_is_told_of_as_waiting_for_somebody(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    rows = [row for row in ledger(made.world.office, made.world.municipality) if row.kind == "mail"]
    assert [(row.state, row.evidence) for row in rows] == [("due", "fyra mejl hålls inne: utkastläge")]
    assert HELD in owed_in_words(made.world.office, made.world.municipality)
    post(made, f"{AT}/brev/slapp", mail="alla")
    assert HELD not in owed_in_words(made.world.office, made.world.municipality)


def test_mail_sent_again_has_the_very_same_bytes(pages: Callable[..., Pages]) -> None:
    made = pages(FOLDER, EIGHTH)
    made.world.go("2027-01-11 13:00")
    sent = made.world.dispatches("agenda")[0]
    before = files(made)[sent.name]
    (mail_folder(made.world.office, made.world.municipality) / sent.name).unlink()
    assert post(made, f"{AT}/brev/{sent.id}/igen") == 303
    assert "Skickas igen inom kort" in text(made, f"{AT}/brev/{sent.id}")
    made.world.go("2027-01-11 15:00")
    assert files(made)[sent.name] == before
    assert states(made) == ["sent"] * 4


def test_mail_never_sent_is_not_sent_again(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    assert post(made, f"{AT}/brev/{made.world.dispatches('agenda')[0].id}/igen") == 422
    assert states(made) == ["held"] * 4


def test_every_mail_of_the_coming_steps_can_be_read_before_and_is_what_leaves(pages: Callable[..., Pages]) -> None:
    made = pages(FOLDER, EIGHTH)
    siv = made.visitor("siv.sand")
    before = made.world.everything()
    answer = siv.get(f"/{made.town}/organ/gruppen/2027-01-26/brev/nasta")
    assert made.world.everything() == before
    said = plain(answer.text)
    assert "Fråga om läget" in said
    assert "Till Kia Holm, Pia Polis och Bo Hus" in said
    assert "Bilagor: 2027-01-26-dagordning-gruppen.docx" in said
    made.world.until("2027-01-25")
    meeting = made.world.meeting("gruppen", "2027-01-26")
    for kind in ("status_request", "status_reminder", "agenda"):
        mail = next(each for each in made.world.dispatches(kind, meeting) if each.person == "kia.holm")
        assert made.world.letter(mail) in said


def test_step_that_cannot_be_rehearsed_says_why_and_the_others_are_shown(pages: Callable[..., Pages]) -> None:
    made = pages(FOLDER, EIGHTH)
    made.world.own_template("agenda.md.j2", b"# Trasig {{ paper.finns_inte.alls }}\n")
    made.hall.templates = made.world.office.templates
    made.hall.archive = made.world.office.archive
    said = text(made, "organ/gruppen/2027-01-26/brev/nasta")
    assert "Det går inte att skriva mejlet" in said
    assert "Till Kia Holm, Pia Polis och Bo Hus" in said


def test_one_mail_is_shown_with_its_text_and_attachments_but_no_personal_link(pages: Callable[..., Pages]) -> None:
    address = "municipality:\n  base_url: https://sidor.prov.example\n"
    made = pages(FOLDER.replace("municipality:\n", address, 1), EIGHTH)
    made.world.until("2027-01-14")
    agenda = made.world.dispatches("agenda")[0]
    shown = text(made, f"{AT}/brev/{agenda.id}")
    assert "2027-01-12-dagordning-gruppen.docx" in shown
    assert made.world.letter(agenda) in shown
    asked = made.world.dispatches("status_request", made.world.meeting("gruppen", "2027-01-19"))[0]
    token = made.world.letter(asked).partition("/svar/")[2].split()[0]
    assert len(token) > 20
    answer = made.visitor("siv.sand").get(f"/{made.town}/organ/gruppen/2027-01-19/brev/{asked.id}")
    assert "/svar/…" in answer.text
    assert token[:20] not in answer.text


@pytest.mark.parametrize("rest", ["brev", "brev/{id}"])
def test_pages_of_the_mails_ask_at_most_six_questions(pages: Callable[..., Pages], rest: str) -> None:
    made = drafting(pages)
    siv = made.visitor("siv.sand")
    path = f"/{made.town}/{AT}/{rest}".format(id=made.world.dispatches("agenda")[0].id)
    with counted(made) as asked:
        assert siv.get(path).status_code == 200
    assert len(asked) <= 6


def test_mails_of_another_meeting_body_or_town_are_not_there(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    mine = made.world.dispatches("agenda")[0]
    siv = made.visitor("siv.sand")
    for place in ("organ/gruppen/2027-01-19", "organ/radet/2027-02-10", "organ/ingen/2027-01-12"):
        assert siv.get(f"/{made.town}/{place}/brev/{mine.id}").status_code == 404
        assert post(made, f"{place}/brev/slapp", mail=str(mine.id)) == 404
        assert post(made, f"{place}/brev/stoppa", mail=str(mine.id)) == 404
        assert post(made, f"{place}/brev/{mine.id}/igen") == 404
    assert siv.get(f"/annan/{AT}/brev/{mine.id}").status_code == 404
    for odd in ("", "x", "-1", "99999999999"):
        assert post(made, f"{AT}/brev/slapp", mail=odd) == 404
    assert post(made, "organ/gruppen/2027-01-19/brev/slapp", mail="alla") == 303  # holds none of these
    assert states(made) == ["held"] * 4


def test_members_read_no_mails_and_switch_no_draft_mode(pages: Callable[..., Pages]) -> None:
    made = drafting(pages)
    bo = made.visitor("bo.hus")
    mine = made.world.dispatches("agenda")[0].id
    for path in ("brev", "brev/nasta", f"brev/{mine}"):
        assert bo.get(f"/{made.town}/{AT}/{path}").status_code == 403
    assert post(made, f"{AT}/brev/slapp", "bo.hus", mail="alla") == 403
    assert post(made, f"{AT}/brev/{mine}/igen", "bo.hus") == 403
    assert post(made, "organ/gruppen/utkastlage", "bo.hus", on="nej") == 403
    assert states(made) == ["held"] * 4


def test_dry_run_stays_a_dry_run_in_draft_mode(pages: Callable[..., Pages]) -> None:
    made = pages(start=EIGHTH)
    post(made, "organ/gruppen/utkastlage", on="ja")
    made.world.go("2027-01-11 13:00")
    assert states(made) == ["withheld"] * 4
    with made.world.read() as session:
        assert session.query(Dispatch).filter_by(state="held").count() == 0
