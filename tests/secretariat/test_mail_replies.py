"""Replies by mail: whose they are, what is left aside, and that nothing counts before the secretary has read it."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from governance.secretariat import mail_replies
from governance.secretariat.audit import Doer
from governance.secretariat.mail_replies import Taken, read_replies, take_reply
from tests.conftest import MakeWorld
from tests.world import World, at

SIV = Doer(person="siv.sand", role="secretary", body="gruppen")
UNREVIEWED = Taken("unreviewed")


@pytest.fixture
def asked(make_world: MakeWorld) -> World:
    """The town when the first status questions have gone out, a day later."""
    world = make_world()
    world.go("2027-01-05 08:00")
    world.set("2027-01-06 10:00")
    return world


def reply(world: World, text: str = "Tre inbrott.", person: str = "bo.hus", **headers: str) -> bytes:
    """A reply to somebody's status question, as their mail program writes it."""
    (question,) = [each for each in world.dispatches("status_request") if each.person == person]
    mail = EmailMessage()
    mail["From"] = f"Bo Hus <{world.municipality.people[person].email}>"
    mail["To"] = "trygghet@prov.example"
    mail["Subject"] = "Sv: Hur är läget?"
    mail["Date"] = "Tue, 05 Jan 2027 14:30:00 +0100"
    mail["Message-ID"] = "<svar-1@bostader.example>"
    mail["In-Reply-To"] = question.message_id
    mail.set_content(f"{text}\n\nDen 5 januari 2027 skrev Gruppen:\n> Hej Bo!\n")
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        if value:
            mail[name.replace("_", "-")] = value
    return mail.as_bytes()


def kept(world: World) -> list[tuple[object, ...]]:
    """(person, Message-ID, text, state) of what came."""
    return [(row[3], row[4], row[6], row[7]) for row in world.everything()["mail_replies"]]


def said(world: World, person: str) -> dict[str, str]:
    """What the archive holds as somebody's answer before the first meeting."""
    everything = world.everything()
    (request,) = [row for row in everything["status_requests"] if (row[1], row[2]) == (first(world), person)]
    return {str(row[2]): str(row[3]) for row in everything["status_replies"] if row[1] == request[0]}


def first(world: World) -> int:
    return world.meeting("gruppen", "2027-01-12").id


def test_reply_is_kept_unreviewed_and_is_no_answer_yet(asked: World) -> None:
    assert take_reply(asked.office, reply(asked)) == UNREVIEWED
    assert kept(asked) == [("bo.hus", "<svar-1@bostader.example>", "Tre inbrott.", "unreviewed")]
    assert said(asked, "bo.hus") == {}


def test_the_same_mail_twice_is_known(asked: World) -> None:
    take_reply(asked.office, reply(asked))
    before = asked.everything()
    assert take_reply(asked.office, reply(asked)) == Taken("known")
    assert asked.everything() == before


def test_reference_to_the_question_is_enough(asked: World) -> None:
    (question,) = [each for each in asked.dispatches("status_request") if each.person == "bo.hus"]
    raw = reply(asked, In_Reply_To="", References=f"<annat@x.example> {question.message_id}")
    assert take_reply(asked.office, raw) == UNREVIEWED


def test_html_alone_is_read_as_text(asked: World) -> None:
    raw = reply(asked)
    head = raw.partition(b"Content-Type")[0]
    html = (
        "<html><head><style>p {}</style></head><body><p>Tre&nbsp;inbrott &amp; en brand.</p><p>Lugnt i övrigt.</p>"
        "<blockquote><p>Hej Bo!</p></blockquote></body></html>"
    )
    raw = head + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert take_reply(asked.office, raw) == UNREVIEWED
    assert kept(asked)[0][2] == "Tre inbrott & en brand.\n\nLugnt i övrigt."


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("", "Blåljus på ön.".encode()),
        ("; charset=finnsinte", "Blåljus på ön.".encode()),
        ("; charset=utf-8", "Blåljus på ön.".encode("cp1252")),
        ("; charset=iso-8859-1", "Blåljus på ön.".encode("latin-1")),
    ],
)
def test_text_is_read_whatever_its_charset_is_said_to_be(asked: World, charset: str, data: bytes) -> None:
    head = reply(asked).partition(b"Content-Type")[0]
    raw = head + f"Content-Type: text/plain{charset}\r\n\r\n".encode() + data
    assert take_reply(asked.office, raw) == UNREVIEWED
    assert kept(asked)[0][2] == "Blåljus på ön."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@bostader.example"},
    ],
)
def test_automatic_replies_are_left_aside(asked: World, headers: dict[str, str]) -> None:
    assert take_reply(asked.office, reply(asked, **headers)) == Taken("aside", "automatiskt svar")
    assert kept(asked) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "Bo Hus <bo@annan.example>"},
        {"From": "pia.polis@polisen.example"},
        {"From": "bo.hus@bostader.example, pia.polis@polisen.example"},
        {"From": ""},
        {"In_Reply_To": "<okand@prov.example>"},
        {"In_Reply_To": ""},
    ],
)
def test_strangers_and_mails_out_of_the_blue_are_left_aside(asked: World, headers: dict[str, str]) -> None:
    assert take_reply(asked.office, reply(asked, **headers)).state == "aside"
    assert kept(asked) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: " + b"a" * 100_000,
        b"Content-Type: text/plain; charset=finnsinte\r\nFrom: a@b.example\r\n\r\nHej",
        b"Subject: x\r\n\r\n" + b"x" * 2_000_001,
        b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\n--",
        b"From: =?utf-8?b?////?= <a@b.example>\r\nIn-Reply-To: <<<>>>\r\nDate: igar\r\n\r\nHej",
    ],
)
def test_whatever_comes_is_left_aside_and_breaks_nothing(asked: World, raw: bytes) -> None:
    assert take_reply(asked.office, raw).state == "aside"


def test_mail_from_the_future_is_dated_now(asked: World) -> None:
    take_reply(asked.office, reply(asked, Date="Fri, 05 Feb 2027 14:30:00 +0100"))
    assert asked.everything()["mail_replies"][0][5] == at("2027-01-06 10:00")


# --- the secretary's reading ---------------------------------------------------------------------------------------


def test_taken_reply_is_its_writers_answer_at_the_hour_it_was_sent(asked: World) -> None:
    take_reply(asked.office, reply(asked))
    asked.set("2027-01-11 14:00")
    mail_replies.take(asked.office, SIV, asked.municipality, 1, "Brott", "Tre inbrott.")
    assert said(asked, "bo.hus") == {"Brott": "Tre inbrott."}
    (request,) = [row for row in asked.everything()["status_requests"] if row[2] == "bo.hus"]
    assert (request[5], request[6]) == (at("2027-01-05 14:30"), False)
    before = asked.everything()
    mail_replies.take(asked.office, SIV, asked.municipality, 1, "Brott", "Tre inbrott.")
    mail_replies.drop(asked.office, SIV, 1)
    assert asked.everything() == before


def test_taken_reply_leaves_what_was_answered_otherwise(asked: World) -> None:
    asked.record(
        "2027-01-06 10:30",
        "- meeting: gruppen 2027-01-12\n  answers:\n"
        "    - {from: bo.hus, received: 2027-01-06 10:20, answers: {Brott: Ett rån., Otrygghet: Mörkt.}}\n",
    )
    take_reply(asked.office, reply(asked))
    mail_replies.take(asked.office, SIV, asked.municipality, 1, "Brott", "Tre inbrott.")
    assert said(asked, "bo.hus") == {"Brott": "Ett rån.\n\nTre inbrott.", "Otrygghet": "Mörkt."}


def test_dropped_reply_is_no_answer(asked: World) -> None:
    take_reply(asked.office, reply(asked))
    mail_replies.drop(asked.office, SIV, 1)
    assert (kept(asked)[0][3], said(asked, "bo.hus")) == ("dropped", {})


@pytest.mark.parametrize(("question", "text"), [("Påhittad", "Text."), ("Brott", "")])
def test_reply_without_text_or_to_an_unknown_question_is_not_taken(asked: World, question: str, text: str) -> None:
    take_reply(asked.office, reply(asked))
    before = asked.everything()
    with pytest.raises(ValueError, match=r"Frågan ställs inte|Skriv vad"):
        mail_replies.take(asked.office, SIV, asked.municipality, 1, question, text)
    assert asked.everything() == before


# --- the folder they are laid in -----------------------------------------------------------------------------------


def test_mails_in_the_folder_are_read_once_and_moved(asked: World) -> None:
    folder = asked.office.folder / asked.municipality.id / "inkommet"
    assert read_replies(asked.office, asked.municipality) == []
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(reply(asked))
    (folder / "2.eml").write_bytes(b"skrap")
    (folder / "3.tmp").write_bytes(reply(asked))  # not whole yet
    (done,) = asked.go("2027-01-06 10:00", ("replies",))
    assert (done.verb, done.what) == ("replies", "1 att läsa, 1 åt sidan")
    assert [each.name[:2] for each in sorted(folder.glob("lasta/*"))] == ["1-", "2-"]
    assert asked.go("2027-01-06 10:00", ("replies",)) == []
    (folder / "1.eml").write_bytes(reply(asked))  # laid there again
    (done,) = asked.go("2027-01-06 10:00", ("replies",))
    assert done.what == "1 sedda förut"
    assert len(kept(asked)) == 1


def test_dry_run_leaves_the_mails_where_they_lie(asked: World) -> None:
    folder = asked.office.folder / asked.municipality.id / "inkommet"
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(reply(asked))
    assert read_replies(replace(asked.office, dry_run=True), asked.municipality) == []
    assert [each.name for each in folder.iterdir()] == ["1.eml"]


def test_mail_that_cannot_be_moved_is_told_of_and_kept_once(asked: World) -> None:
    folder = asked.office.folder / asked.municipality.id / "inkommet"
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(reply(asked))
    (folder / "lasta").write_bytes(b"a file in the way")
    (done,) = read_replies(asked.office, asked.municipality)
    assert (done.failed, done.what.startswith("1.eml: ")) == (True, True)
    (folder / "lasta").unlink()
    (done,) = read_replies(asked.office, asked.municipality)
    assert (done.failed, done.what, len(kept(asked))) == (False, "1 sedda förut", 1)
