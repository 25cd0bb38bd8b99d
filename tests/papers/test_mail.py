"""Mail: what is written by hand reads back as the standard library's own message would."""

import random
from datetime import datetime
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from zoneinfo import ZoneInfo

import pytest

from governance.papers.mail import Attachment, Mail, compose, message_id

SENDER = ("Storåns kommun, trygghet", "trygghet@storan.example")
RECIPIENT = ("Karin Åhlén", "karin.ahlen@storan.example")
DATE = datetime(2027, 1, 12, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
AGENDA = Attachment(
    "dagordning.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", bytes(range(256)) * 90
)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nSUMMARY:M\xc3\xb6te\r\nEND:VCALENDAR\r\n"
TEXT = "Hej Karin!\n\nVälkommen till mötet – det blir bra.  \n.\nFrån oss\n"
HTML = '<!doctype html><html lang="sv"><body><h1>Välkommen</h1><p>' + "Å" * 300 + "</p></body></html>\n"


def a_mail(**changed: object) -> Mail:
    facts: dict[str, object] = {
        "message_id": "<a.0.request.b@storan.example>",
        "date": DATE,
        "sender": SENDER,
        "recipient": RECIPIENT,
        "subject": "Kallelse: Brottsförebyggande rådet tisdag 12 januari 2027",
        "text": TEXT,
        "html": HTML,
    }
    return Mail(**{**facts, **changed})  # type: ignore[arg-type]


def read(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def shape(message: EmailMessage) -> list[tuple[str, object]]:
    """Every part's type and decoded content, in order."""
    return [
        (
            part.get_content_type(),
            None if part.is_multipart() else part.get_payload(decode=True).replace(b"\r\n", b"\n"),
        )
        for part in message.walk()
    ]


def by_the_standard_library(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    assert mail.calendar is not None
    message.add_alternative(mail.calendar.decode(), subtype="calendar", cte="base64", params={"method": mail.method})
    message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="inbjudan.ics")
    for file in mail.attachments:
        maintype, subtype = file.media_type.split("/")
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.filename)
    return message


def test_mail_reads_back_as_the_standard_library_composes_it() -> None:
    mail = a_mail(calendar=CALENDAR, method="REQUEST", attachments=(AGENDA,))
    theirs = by_the_standard_library(mail)
    ours = read(compose(mail))
    assert shape(ours) == shape(read(theirs.as_bytes()))
    assert [part.get_filename() for part in ours.walk()] == [part.get_filename() for part in theirs.walk()]
    assert [part.get_content_disposition() for part in ours.walk()] == [
        part.get_content_disposition() for part in theirs.walk()
    ]


def test_mail_structure_puts_the_calendar_last_among_the_alternatives() -> None:
    mail = read(compose(a_mail(calendar=CALENDAR, method="REQUEST", attachments=(AGENDA,))))
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        AGENDA.media_type,
    ]
    calendar = list(mail.walk())[4]
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert (calendar["Content-Transfer-Encoding"], calendar["Content-Disposition"]) == ("base64", None)


def test_mail_without_files_is_only_alternatives_and_without_html_only_text() -> None:
    assert [p.get_content_type() for p in read(compose(a_mail())).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    plain = read(compose(a_mail(html="")))
    assert (plain.get_content_type(), plain.get_content().replace("\r\n", "\n")) == ("text/plain", TEXT)


def test_mail_headers_say_who_when_and_that_a_machine_wrote() -> None:
    root = "<root@storan.example>"
    mail = read(compose(a_mail(in_reply_to=root, references=(root,))))
    assert mail["From"].addresses == (Address(SENDER[0], addr_spec=SENDER[1]),)
    assert mail["To"].addresses == (Address(RECIPIENT[0], addr_spec=RECIPIENT[1]),)
    assert {
        name: mail[name]
        for name in ("Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version")
    } == {
        "Date": "Tue, 12 Jan 2027 09:00:00 +0100",
        "Message-ID": "<a.0.request.b@storan.example>",
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_mail_silences_automatic_answers_to_reminders_but_lets_an_invitation_be_answered() -> None:
    quiet = "X-Auto-Response-Suppress"
    assert read(compose(a_mail(reminder=True)))[quiet] == "DR, RN, NRN, OOF, AutoReply"
    assert read(compose(a_mail(calendar=CALENDAR, method="REQUEST")))[quiet] == "DR, RN, NRN, OOF"


def test_mail_keeps_the_root_and_the_latest_of_a_long_thread() -> None:
    ids = tuple(f"<{n}@storan.example>" for n in range(30))
    kept = read(compose(a_mail(references=ids)))["References"].split()
    assert kept == [ids[0], *ids[11:]]


def test_mail_bytes_are_seven_bit_in_short_crlf_lines() -> None:
    data = compose(a_mail(calendar=CALENDAR, method="REQUEST", attachments=(AGENDA,)))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 111  # the longest: the Word file's media type


def test_mail_is_the_same_bytes_each_time_and_another_message_has_other_boundaries() -> None:
    assert compose(a_mail()) == compose(a_mail())
    boundary = read(compose(a_mail())).get_boundary()
    assert read(compose(a_mail(message_id="<b@storan.example>"))).get_boundary() != boundary


def test_subjects_in_swedish_survive_four_thousand_times() -> None:
    chance = random.Random(2027)
    words = [
        "möte",
        "Åtgärder",
        "på",
        "i",
        "rådet",
        "12",
        "§",
        "–",
        "kl.",
        "09.00",
        "(vecka 2)",
        "brottsförebyggande",
        "a",
        "=?x?=",
        "Ö",
        "😀",
    ]
    subjects = [" ".join(chance.choices(words, k=chance.randint(1, 25))) for _ in range(4000)]
    subjects += ["", "två  mellanslag", " först", "sist ", "x" * 200, "å" * 200]
    texts = [compose(a_mail(subject=subject, html="")).split(b"\r\nDate:")[0] + b"\r\n\r\n" for subject in subjects]
    assert [read(text)["Subject"] for text in texts] == subjects
    assert max(len(line) for text in texts for line in text.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Anna Lind",
        "Åsa Öberg",
        'Karl "Kalle" Ek',
        "Lind, Anna (Å)",
        'Ö, "x"; <y>',
        "back\\slash",
        "Brottsförebyggande rådet i Storån",
        "a@b.se",
        "=?utf-8?q?x?=",
    ],
)
def test_display_names_survive(name: str) -> None:
    mail = read(compose(a_mail(sender=(name, SENDER[1]), recipient=(name, RECIPIENT[1]))))
    assert [(a.display_name, a.addr_spec) for h in ("From", "To") for a in mail[h].addresses] == [
        (name, SENDER[1]),
        (name, RECIPIENT[1]),
    ]


@pytest.mark.parametrize("name", ["Sven" * 40, "Åsa" * 40, "Brottsförebyggande rådet i Storåns kommun, Norrby och Ån"])
def test_long_display_names_are_encoded_words_of_whole_letters(name: str) -> None:
    # The standard library's address parser puts a space between encoded words (RFC 2047 6.2 says none).
    data = compose(a_mail(sender=(name, SENDER[1])))
    words = data.split(b"\r\nTo:")[0].removeprefix(b"From: ").decode().rsplit(" <")[0].rstrip()
    assert str(make_header(decode_header(words))) == name


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subject": "Hej\r\nBcc: x@y.se"}, "Det får inte finnas radbrytningar i ämnesraden: ”Hej  Bcc: x@y.se”."),
        ({"sender": ("A\nBcc: x", "a@b.se")}, "Det får inte finnas radbrytningar i namnet: ”A Bcc: x”."),
        (
            {"recipient": ("A", "a@b.se\r\nBcc: x@y.se")},
            "”a@b.se  Bcc: x@y.se” är inte en mejladress som det går att skriva till.",
        ),
        ({"recipient": ("A", "åsa@b.se")}, "”åsa@b.se” är inte en mejladress som det går att skriva till."),
        ({"message_id": "<a@b>\r\nX: y"}, "”<a@b>  X: y” är inte ett meddelande-id på formen <…@…>."),
        ({"in_reply_to": "a@b"}, "”a@b” är inte ett meddelande-id på formen <…@…>."),
        ({"references": ("<a b@c>",)}, "”<a b@c>” är inte ett meddelande-id på formen <…@…>."),
        ({"calendar": CALENDAR, "method": "CANCEL"}, "Kalenderobjektet är inte av metoden CANCEL."),
        ({"calendar": CALENDAR}, "Kalenderobjektet är inte av metoden (ingen)."),
        ({"date": DATE.replace(tzinfo=None)}, "Mejlets tidpunkt har ingen tidszon."),
    ],
)
def test_mail_that_would_mislead_is_not_composed(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        compose(a_mail(**changed))
    assert str(caught.value) == words


@pytest.mark.parametrize("name", ["dagordning\r\n.docx", "dagordning å.docx", '../"x".docx', ""])
def test_attachment_names_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="får bara ha a–z"):
        Attachment(name, "application/pdf", b"")


def test_control_characters_never_reach_a_mail() -> None:
    mail = read(compose(a_mail(subject="a\x00b\x1fc\x85d", text="a\x0bb\r\nc\td\x00", html="")))
    assert (mail["Subject"], mail.get_content().replace("\r\n", "\n")) == ("a b c d", "ab\nc\td\n")


def test_message_ids_follow_what_is_sent_and_to_whom() -> None:
    first = message_id("uid", 2, "REQUEST", "Anna@x.se", "storån.example")
    assert first == message_id("uid", 2, "REQUEST", "anna@x.se", "storån.example")
    assert first.endswith("@xn--storn-pra.example>")
    assert first.split(".")[1:3] == ["2", "request"]
    others = [
        message_id("uid2", 2, "REQUEST", "anna@x.se", "storån.example"),
        message_id("uid", 3, "REQUEST", "anna@x.se", "storån.example"),
        message_id("uid", 2, "agenda", "anna@x.se", "storån.example"),
        message_id("uid", 2, "REQUEST", "bo@x.se", "storån.example"),
        message_id("uid", 2, "REQUEST", "anna@x.se", "storån.example", resend=1),
    ]
    assert len({first, *others}) == 6
