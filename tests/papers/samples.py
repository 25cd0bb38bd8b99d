"""Rich papers of an invented municipality, for the tests of this room and for the benchmark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from governance.model.action import ActionItem, ActionStatus, action_number
from governance.model.agenda import Agenda, AgendaItem
from governance.model.body import ItemKind
from governance.model.decision import Decision
from governance.model.follow_up import (
    ActionFigures,
    AnnualFollowUp,
    BodyFigures,
    DutyState,
    StatusFigures,
    TwoYearFollowUp,
)
from governance.model.meeting import Attendance, Attendee, MeetingFacts
from governance.model.minutes import ActionProgress, Minutes, MinutesItem
from governance.model.situation import SituationPicture, SituationSection
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


def minutes() -> Minutes:
    """An approved protocol with decisions, a new action, a referral, and people who came late."""
    decided = date(2027, 2, 10)

    def decision(number: str, title: str, text: str, referred_to: str = "") -> Decision:
        return Decision(number, title, text, FACTS.body, decided, referred_to)

    accounts = {
        "Mötets öppnande": "Ordföranden öppnar mötet och hälsar välkommen. Närvaron stäms av.",
        "Lägesbild": "Kommunpolisen redovisar anmälda brott under fjärde kvartalet.\n\n"
        "- Inbrott i källarförråd: 14, jämfört med 23 samma kvartal 2025.\n- Stöld i butik: 61, en ökning med 12.\n\n"
        "Rådet diskuterar vad ökningen i centrum kan bero på. Handlarna efterfrågar fler synliga patruller på "
        "eftermiddagarna.",
        "Rapporter från organisationerna": "Bostadsbolaget har bytt belysning på sex gårdar. Skolan arbetar med "
        "rutinen för orosanmälan.",
        "Lagens krav och frister": "Säkerhetschefen går igenom fristerna enligt 6 § lagen (2023:196).",
    }
    items = []
    for number, (title, kind, _, _, _, proposal) in enumerate(_ITEMS, 1):
        label = f"§ {number}"
        taken = (
            (decision(label, title, proposal.replace("väljer en ledamot", "väljer Henrik Dahl")),) if proposal else ()
        )
        if number == 8:
            taken = (decision(label, title, proposal, "Styrgruppen"),)
        items.append(
            MinutesItem(
                label,
                title,
                kind,
                accounts.get(title, ""),
                taken,
                (replace(actions(7)[5], number="Å-2027-026"),) if number == 6 else (),
                "secret" if number == 9 else "public",
            )
        )
    present = [Attendance(a, "present") for a in (*MEMBERS[:4], *CO_OPTED)]
    present[3] = Attendance(MEMBERS[3], "present", time(9, 20), time(11, 0))
    open_ones = actions(8)
    done = replace(open_ones[0], status="done", closed_on=decided, late=False)
    return Minutes(
        "Protokoll",
        FACTS,
        (
            *present,
            Attendance(MEMBERS[4], "excused"),
            Attendance(MEMBERS[5], "excused"),
            Attendance(MEMBERS[6], "absent"),
        ),
        tuple(items),
        (ActionProgress(done, closed_now=True), *(ActionProgress(a) for a in open_ones[1:])),
        ("Henrik Dahl",),
        date(2027, 2, 18),
        ("Karin Åhlén", "Henrik Dahl"),
        datetime(2027, 5, 12, 9, 0, tzinfo=ZONE),
        date(2027, 2, 18),
        2,
    )


def minutes_draft() -> Minutes:
    """The same meeting before anything is written down."""
    full = minutes()
    items = tuple(replace(item, account="", decisions=(), actions=()) for item in full.items)
    bare = replace(full, attendance=(), items=items, actions=(), approvers=(), approved_on=None, approved_by=())
    return replace(bare, version=1, recorded=False)


def minutes_notes() -> Minutes:
    """Notes of an informal group: no approval, items numbered within the meeting."""
    full = minutes()
    items = tuple(
        replace(
            item,
            label=str(number),
            decisions=tuple(replace(d, number=str(number)) for d in item.decisions),
        )
        for number, item in enumerate(full.items[4:9], 1)
    )
    facts = replace(FACTS, body="Operativa gruppen", formality="informal", case_number="")
    return replace(
        full,
        document_name="Minnesanteckningar",
        facts=facts,
        items=items,
        approvers=(),
        approved_on=None,
        approved_by=(),
        version=1,
    )


def situation() -> SituationPicture:
    """A week with two silent organisations and one that did not answer."""

    def reply(organisation: str, question: str, text: str) -> StatusAnswer:
        return _answer("", organisation, question, text)

    return SituationPicture(
        "Storåns kommun",
        "Operativa gruppen",
        2,
        2027,
        date(2027, 1, 12),
        ("Polismyndigheten", "Storåns Bostäder AB", "Fritid", "Gata och park"),
        ("Räddningstjänsten Storån",),
        (
            SituationSection(
                "Anmälda brott",
                (
                    reply(
                        "Polismyndigheten",
                        "Anmälda brott",
                        "Fyra inbrott i källarförråd på Norrby, fler än vanligt. Två cykelstölder vid resecentrum.",
                    ),
                ),
                ("Fritid", "Gata och park"),
            ),
            SituationSection(
                "Otrygghet",
                (
                    reply(
                        "Storåns Bostäder AB", "Otrygghet", "Hyresgäster på Ågatan undviker gångtunneln efter kl. 20."
                    ),
                    reply(
                        "Fritid", "Otrygghet", "Ungdomar på fritidsgården säger att centrum känns lugnare än i höstas."
                    ),
                ),
            ),
            SituationSection("Störningar av ordningen", (), ("Polismyndigheten", "Storåns Bostäder AB", "Fritid")),
        ),
        "Läget är stabilt utom på Norrby, där inbrotten i källarförråd ökar. Bedömningen är säker för Norrby och "
        "osäker för resecentrum, där underlaget är tunt.",
        actions(6)[1:5],
        (replace(actions(2)[0], number="Å-2027-014", late=False, comment=""),),
        ("Gruppen beslutar att prioritera Norrby och gångtunneln vid Ågatan under veckan.",),
        ("Sportlov vecka 9: bemanning på fritidsgårdarna.", "Match på Åvallen lördag 16 januari."),
        ("Behov av bättre belysning i gångtunneln vid Ågatan.",),
        "Beredningsgruppen",
        "Trygghetssamordnaren, trygghet@storan.example",
        date(2027, 1, 12),
    )


BODIES = (
    BodyFigures("Operativa gruppen", 46, 44, 2, 3, 0.87, 41, ("29 juni ställdes in: utbildningsdag",)),
    BodyFigures("Beredningsgruppen", 11, 11, 0, 1, 0.915, 19),
    BodyFigures("Brottsförebyggande rådet", 4, 3, 1, 0, 0.78, 12, ("11 augusti ställdes in: för få anmälda",)),
    BodyFigures("Områdesgrupp Norrby", 4, 0, 4, 0, None, 0, ("Inga möten hölls under perioden",)),
)
DUTIES = (
    DutyState(
        "4 §",
        "Ta fram en lägesbild av brottsligheten",
        "Operativa gruppen",
        "Lägesbild",
        date(2025, 6, 10),
        None,
        "shown",
        "hela kommunen",
    ),
    DutyState("5 §", "Besluta en åtgärdsplan", "Kommunstyrelsen", "Åtgärdsplan", date(2025, 6, 17), None, "shown"),
    DutyState(
        "6 §",
        "Uppdatera lägesbilden minst vartannat år",
        "Beredningsgruppen",
        "",
        date(2025, 6, 10),
        date(2027, 6, 10),
        "due",
    ),
    DutyState(
        "6 §", "Följa upp åtgärdsplanen minst vartannat år", "Kommunstyrelsen", "", None, date(2027, 6, 17), "late"
    ),
    DutyState(
        "9 §",
        "Verka för skriftliga överenskommelser om samverkan",
        "Säkerhetschefen",
        "Överenskommelse med polisen 2024–2027",
        date(2024, 1, 1),
        None,
        "shown",
    ),
    DutyState(
        "10 §",
        "Verka för ett strategiskt råd som leds av kommunen",
        "Brottsförebyggande rådet",
        "Protokoll",
        date(2026, 11, 11),
        None,
        "shown",
    ),
    DutyState("11 §", "Ha en funktion för samordning", "Mats Öberg", "", None, None, "always"),
    DutyState("13 §", "Rapportera löpande till kommunfullmäktige", "", "", None, None, "not-shown"),
)
_CLOSED = tuple(
    replace(a, status="dropped" if n == 2 else "done", late=False, closed_on=date(2026, 3 + n, 12), comment="")
    for n, a in enumerate(actions(5))
)
DECISIONS = (
    Decision(
        "§ 31",
        "Kameror",
        "Rådet begär ett underlag om kameror vid resecentrum.",
        "Brottsförebyggande rådet",
        date(2026, 5, 13),
        "Beredningsgruppen",
        "Underlaget lämnades och behandlades.",
        date(2026, 9, 3),
    ),
    Decision(
        "4", "Klotter", "Gruppen beslutar att klotter saneras inom 24 timmar.", "Operativa gruppen", date(2026, 9, 15)
    ),
    Decision(
        "§ 40",
        "Belysning",
        "Rådet hemställer om medel till belysning.",
        "Brottsförebyggande rådet",
        date(2026, 11, 11),
        "Styrgruppen",
    ),
)
AGREEMENTS = ("Samverkansöverenskommelse mellan Storåns kommun och polisen, gäller 2024-01-01–2027-12-31.",)


def annual_follow_up() -> AnnualFollowUp:
    """A year with cancelled meetings, a body that never met, and a duty nobody carries."""
    return AnnualFollowUp(
        "Storåns kommun",
        2026,
        date(2026, 1, 1),
        date(2026, 12, 31),
        "Styrgruppen",
        date(2027, 3, 18),
        "Beredningsgruppen",
        (
            "Styrgruppen godkänner uppföljningen av 2026 års arbete.",
            "Styrgruppen ger beredningsgruppen i uppdrag att föreslå ny inriktning senast den 21 oktober 2027.",
        ),
        BODIES,
        ActionFigures(63, 38, 4, 21, 5),
        _CLOSED,
        actions(10),
        DECISIONS,
        StatusFigures(412, 355),
        (
            "Områdesgrupp Norrby inrättades den 1 februari 2026.",
            "Ali Rahimi ersatte Åke Berg i rådet den 1 april 2026.",
        ),
        DUTIES,
        AGREEMENTS,
        44,
        ("Brottsförebyggande rådet höll 3 av 4 möten.", "Områdesgrupp Norrby höll inget av 4 möten."),
        "Trygghetssamordnaren, trygghet@storan.example",
        date(2027, 3, 4),
    )


def two_year_follow_up() -> TwoYearFollowUp:
    """The follow-up that 6 § asks for, with one gap."""
    return TwoYearFollowUp(
        "Storåns kommun",
        date(2025, 6, 10),
        date(2027, 6, 10),
        date(2025, 6, 17),
        "Kommunstyrelsen",
        None,
        date(2027, 6, 17),
        ("Hela kommunen",),
        "Kommunstyrelsen",
        date(2027, 6, 7),
        (("Beredningsgruppen", date(2027, 5, 6)), ("Brottsförebyggande rådet", date(2027, 5, 12))),
        (
            "Kommunstyrelsen fastställer den uppdaterade lägesbilden.",
            "Kommunstyrelsen godkänner uppföljningen av åtgärdsplanen.",
        ),
        date(2025, 6, 17),
        date(2027, 5, 6),
        88,
        (
            "Inbrott i källarförråd på Norrby: 31 veckor av 88, färre efter låsbyte hösten 2026.",
            "Otrygghet i gångtunneln vid Ågatan: 22 veckor, kvarstår.",
            "Stöld i butik i centrum: 19 veckor, ökar.",
        ),
        ActionFigures(121, 84, 9, 28, 5),
        _CLOSED,
        actions(14),
        DECISIONS,
        BODIES,
        DUTIES,
        AGREEMENTS,
        ("Mats Öberg, trygghetssamordnare",),
        ("88 veckolägesbilder.", "Protokoll och minnesanteckningar från fyra organ.", "Åtgärdslistan."),
        ("Områdesgrupp Norrby har inte mötts.", "Ingen trygghetsmätning har gjorts sedan 2024."),
        "KS 2027-0112",
        "Trygghetssamordnaren, trygghet@storan.example",
        date(2027, 5, 6),
    )
