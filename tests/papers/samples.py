"""Rich papers of an invented municipality, for the tests of this room and for the benchmark."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from governance.model.action import ActionItem, ActionStatus, action_number
from governance.model.agenda import Agenda, AgendaItem
from governance.model.body import ItemKind
from governance.model.decision import Decision
from governance.model.meeting import Attendee, MeetingFacts
from governance.model.status import StatusAnswer

ZONE = ZoneInfo("Europe/Stockholm")

MEMBERS = (
    Attendee("karin.ahlen", "Karin Åhlén", "Storåns kommun", "chair", "kommunstyrelsens ordförande"),
    Attendee("mats.oberg", "Mats Öberg", "Storåns kommun", "secretary", "trygghetssamordnare"),
    Attendee("henrik.dahl", "Henrik Dahl", "Polismyndigheten", "member", "lokalpolisområdeschef"),
    Attendee("eva.holm", "Eva Holm", "Storåns Bostäder AB", "member", "verkställande direktör"),
    Attendee("ali.rahimi", "Ali Rahimi", "Räddningstjänsten Storån", "member", "enhetschef förebyggande"),
    Attendee("erik.noren", "Erik Norén", "Storåns kommun", "member", "skolchef"),
    Attendee("gun.backman", "Gun Bäckman", "Storåns föreningsråd", "member", "ordförande"),
)
CO_OPTED = (
    Attendee("per.sjogren", "Per Sjögren", "Storåns kommun", "standing-co-opted", "säkerhetschef"),
    Attendee("sara.lindqvist", "Sara Lindqvist", "Polismyndigheten", "standing-co-opted", "kommunpolis"),
)

FACTS = MeetingFacts(
    municipality="Storåns kommun",
    body="Brottsförebyggande rådet",
    formality="regulated",
    starts=datetime(2027, 2, 10, 9, 0, tzinfo=ZONE),
    ends=datetime(2027, 2, 10, 11, 30, tzinfo=ZONE),
    place="Stadshuset, sal Ån",
    chair="Karin Åhlén",
    secretary="Mats Öberg",
    convened=MEMBERS,
    co_opted=CO_OPTED,
    case_number="KS 2027-0098",
    contact_name="Trygghetssamordnaren",
    contact_email="trygghet@storan.example",
    contact_phone="0123-45 60 00",
)

_ACTIONS: tuple[tuple[str, str, ActionStatus], ...] = (
    ("Montera belysning i gångtunneln vid Stationsgatan", "Tove Lindgren", "in-progress"),
    ("Ta fram rutin för klottersanering inom 24 timmar", "Jonas Ekström", "not-started"),
    ("Utbilda serveringspersonal i ansvarsfull alkoholservering", "Leila Haddad", "in-progress"),
    ("Beskära buskage längs skolvägen på Norrby", "Tove Lindgren", "in-progress"),
    ("Kartlägga ungdomars vistelseplatser kvällstid tillsammans med fältgruppen", "Maria Ek", "not-started"),
    ("Teckna avtal om ordningsvakter vid resecentrum", "Per Sjögren", "in-progress"),
    ("Redovisa utfallet av grannsamverkan per område", "Sara Lindqvist", "not-started"),
)


def actions(number: int) -> tuple[ActionItem, ...]:
    """Open actions, the late ones first."""
    out = []
    for n in range(number):
        text, owner, status = _ACTIONS[n % len(_ACTIONS)]
        late = n < number // 5
        out.append(
            ActionItem(
                action_number(2026 if late else 2027, n + 1),
                text,
                owner,
                owner.casefold().replace(" ", "."),
                date(2026, 11 + n % 2, 5 + n) if late else date(2027, 2 + n % 9, 1 + n),
                status,
                "Brottsförebyggande rådet",
                date(2026, 11, 11),
                age=2 if late else 1,
                late=late,
                comment="Armaturerna är beställda." if n == 0 else "",
            )
        )
    return tuple(out)


REFERRAL = Decision(
    "7",
    "Kameror vid resecentrum",
    "Beredningsgruppen föreslår att rådet tar ställning till kamerabevakning vid resecentrum.",
    "Beredningsgruppen",
    date(2027, 1, 14),
    referred_to="Brottsförebyggande rådet",
)


def _answer(person: str, organisation: str, question: str, text: str) -> StatusAnswer:
    return StatusAnswer(person, organisation, question, text, datetime(2027, 1, 29, 8, 30, tzinfo=ZONE))


ANSWERS = (
    _answer(
        "Sara Lindqvist",
        "Polismyndigheten",
        "Viktigaste händelser",
        "Stölder i butik har ökat i centrum. Inbrotten i källarförråd på Norrby har minskat sedan låsen byttes.",
    ),
    _answer(
        "Eva Holm",
        "Storåns Bostäder AB",
        "Genomförda insatser",
        "Ny belysning på sex gårdar och trygghetsvärdar till kl. 23 fredag och lördag.",
    ),
    StatusAnswer(
        "Ali Rahimi", "Räddningstjänsten Storån", "", "", datetime(2027, 1, 30, 9, 0, tzinfo=ZONE), "nothing", late=True
    ),
)

_ITEMS: tuple[tuple[str, ItemKind, str, int, str, str], ...] = (
    (
        "Mötets öppnande",
        "formality",
        "Karin Åhlén, ordförande",
        5,
        "Ordföranden hälsar välkommen och stämmer av närvaron.",
        "",
    ),
    (
        "Val av justerare",
        "decision",
        "Karin Åhlén, ordförande",
        3,
        "Justering sker digitalt senast den 24 februari 2027.",
        "Rådet väljer en ledamot att jämte ordföranden justera protokollet.",
    ),
    (
        "Godkännande av dagordningen",
        "decision",
        "Karin Åhlén, ordförande",
        2,
        "Övriga frågor anmäls senast här.",
        "Rådet godkänner dagordningen.",
    ),
    ("Föregående protokoll och uppföljning av beslut", "follow-up", "Mats Öberg, sekreterare", 10, "", ""),
    (
        "Uppföljning av åtgärder",
        "follow-up",
        "Mats Öberg, sekreterare",
        15,
        "Bara försenade åtgärder föredras. Den som är ansvarig anger nytt datum eller stänger åtgärden.",
        "",
    ),
    (
        "Lägesbild",
        "information",
        "Sara Lindqvist, kommunpolis",
        30,
        "Anmälda brott per område, jämförelse med samma kvartal 2026 och veckolägesbilderna 45–5.",
        "",
    ),
    ("Rapporter från organisationerna", "information", "", 30, "", ""),
    (
        "Kameror vid resecentrum",
        "decision",
        "Per Sjögren, säkerhetschef",
        20,
        "Frågan kommer från beredningsgruppen.",
        "Rådet ställer sig bakom förslaget om kamerabevakning vid resecentrum och lämnar det till styrgruppen.",
    ),
    (
        "Unga i riskzon: samlad redovisning",
        "information",
        "Leila Haddad, enhetschef socialtjänsten",
        10,
        "Redovisning i antal, utan uppgifter om enskilda.",
        "",
    ),
    ("Lagens krav och frister", "follow-up", "Per Sjögren, säkerhetschef", 10, "", ""),
    ("Övriga frågor", "discussion", "Karin Åhlén, ordförande", 10, "", ""),
    ("Nästa möte", "formality", "Karin Åhlén, ordförande", 5, "", ""),
)


def agenda(open_actions: int = 25) -> Agenda:
    """Twelve items, answers, a referral, one secret item."""
    items, minute = [], 9 * 60
    for number, (title, kind, presenter, minutes, text, proposal) in enumerate(_ITEMS, 1):
        items.append(
            AgendaItem(
                number,
                title,
                kind,
                presenter,
                time(minute // 60, minute % 60),
                minutes,
                text,
                proposal,
                source="action-items" if number == 5 else None,
                confidentiality="secret" if number == 9 else "public",
                referral=REFERRAL if number == 8 else None,
                answers=ANSWERS if number == 7 else (),
                unanswered=("Erik Norén", "Gun Bäckman") if number == 7 else (),
                points=(
                    "Åtgärdsplanen följs upp senast den 17 juni 2027 (6 § lagen (2023:196)).",
                    "Lägesbilden uppdateras senast den 10 juni 2027 (6 § lagen (2023:196)).",
                )
                if number == 10
                else ("§ 41: Rutinen för klottersanering är klar, redovisad 14 januari 2027.",)
                if number == 4
                else (),
            )
        )
        minute += minutes
    return Agenda(
        "Kallelse och dagordning",
        FACTS,
        tuple(items),
        actions(open_actions),
        (datetime(2027, 5, 12, 9, 0, tzinfo=ZONE), datetime(2027, 8, 11, 9, 0, tzinfo=ZONE)),
        date(2027, 2, 3),
    )
