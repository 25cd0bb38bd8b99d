"""Every rhythm as a coordinator reads it: a Swedish sentence and its next five dates from New Year 2027."""

from __future__ import annotations

from datetime import date

import pytest

from governance.model.body import Body, Municipality
from governance.model.cadence import (
    Cadence,
    Dates,
    DayOfMonth,
    Monthly,
    NearestWeekday,
    NthWeekday,
    NthWorkingDay,
    OnDemand,
    Relative,
    Spread,
    TermOfOffice,
    Weekly,
)
from governance.model.placement import place_all
from governance.papers.rhythms import rhythm_sentence
from tests.model.town import FRI, MON, STEERING, THU, TUE, WED, body, day, span, town, weekly

MORNING = span("09:00-11:30")
NOT_JULY = frozenset(range(1, 13)) - {7}
FEB, MAY, SEP = day("2027-02-11"), day("2027-05-04"), day("2027-09-16")

# The dates were read beside the sentences, not counted anew. Recess: weeks 28–31 and 21 December–6 January.
RHYTHMS: list[tuple[Cadence, str, str]] = [
    (weekly(), "Varje vecka på tisdagar kl. 09.00–10.00", "12/1 19/1 26/1 2/2 9/2"),
    (Weekly((WED,), parity="odd", at=span("13:00")), "Udda veckor på onsdagar kl. 13.00", "20/1 3/2 17/2 3/3 17/3"),
    (Weekly((WED,), parity="even"), "Jämna veckor på onsdagar", "13/1 27/1 10/2 24/2 10/3"),
    (
        Weekly((THU,), 2, start=day("2027-01-14"), at=span("08:30")),
        "Varannan vecka på torsdagar kl. 08.30, räknat från torsdag 14 januari 2027",
        "14/1 28/1 11/2 25/2 11/3",
    ),
    (
        Weekly((MON,), 3, start=day("2027-01-11")),
        "Var tredje vecka på måndagar, räknat från måndag 11 januari 2027",
        "11/1 1/2 22/2 15/3 5/4",
    ),
    (
        Weekly((FRI, TUE), at=span("08:00")),
        "Varje vecka på tisdagar och fredagar kl. 08.00",
        "8/1 12/1 15/1 19/1 22/1",
    ),
    (
        weekly(except_months=frozenset((1, 7))),
        "Varje vecka på tisdagar, utom i januari och juli, kl. 09.00–10.00",
        "2/2 9/2 16/2 23/2 2/3",
    ),
    (
        Monthly((NthWeekday(1, TUE),), NOT_JULY, at=span("13:00-15:00")),
        "Första tisdagen i varje månad utom juli kl. 13.00–15.00",
        "2/2 2/3 6/4 4/5 1/6",
    ),
    (
        Monthly((NthWeekday(1, TUE), NthWeekday(3, TUE))),
        "Första och tredje tisdagen i varje månad",
        "19/1 2/2 16/2 2/3 16/3",
    ),
    (
        Monthly((NthWeekday(2, WED),), interval=4, start=(2027, 2), at=span("13:00")),
        "Var fjärde månad, andra onsdagen i februari, juni och oktober kl. 13.00, från februari 2027",
        "10/2 9/6 13/10 9/2 14/6",
    ),
    (
        Monthly((NthWeekday(2, WED),), interval=5, start=(2027, 2)),
        "Var femte månad, andra onsdagen, från februari 2027",
        "10/2 8/12 10/5 11/10 14/3",  # 14 July 2027 lies in recess
    ),
    (
        Monthly((NthWeekday(2, WED),), frozenset((2, 5, 8, 11)), at=MORNING),
        "Varje kvartal, andra onsdagen i kvartalets andra månad, kl. 09.00–11.30",
        "10/2 12/5 11/8 10/11 9/2",
    ),
    (
        Monthly((NearestWeekday(TUE, 15),), frozenset((2, 5, 9, 11)), at=span("09:00")),
        "I februari, maj, september och november, tisdagen närmast den 15, kl. 09.00",
        "16/2 18/5 14/9 16/11 15/2",
    ),
    (
        Monthly((NthWeekday(3, THU),), frozenset((4, 10)), at=span("09:00")),
        "Tredje torsdagen i april och oktober kl. 09.00",
        "15/4 21/10 20/4 19/10 19/4",
    ),
    (
        Spread("semester", 3, 3, 0, MON, span("09:00")),
        "Tre gånger per termin på måndagar kl. 09.00, jämnt fördelat",
        "8/2 22/3 10/5 6/9 18/10",
    ),
    (
        Spread("semester", 2, 1, 0, MON),
        "Två gånger på våren och en gång på hösten, på måndagar, jämnt fördelat",
        "15/2 3/5 18/10 14/2 24/4",
    ),
    (Spread("semester", 1, 1, 0, MON), "En gång per termin på måndagar", "22/3 18/10 20/3 16/10 19/3"),
    (Spread("semester", 0, 1, 0, MON), "En gång på hösten, på måndagar", "18/10 16/10 15/10 14/10 13/10"),
    (
        Spread("year", 0, 0, 4, WED, MORNING),
        "Fyra gånger per år på onsdagar kl. 09.00–11.30, jämnt fördelat",
        "17/2 5/5 25/8 10/11 16/2",
    ),
    (
        Dates(((FEB, None), (MAY, None), (SEP, None)), MORNING),
        "Den 11 februari, 4 maj och 16 september 2027 kl. 09.00–11.30",
        "11/2 4/5 16/9",
    ),
    (
        Dates(((FEB, None), (SEP, span("10:00"))), MORNING),
        "Den 11 februari 2027 kl. 09.00–11.30 och 16 september 2027 kl. 10.00",
        "11/2 16/9",
    ),
    (
        Dates(((FEB, None), (MAY, None), (day("2028-02-10"), None)), MORNING),
        "Den 11 februari och 4 maj 2027 samt 10 februari 2028 kl. 09.00–11.30",
        "11/2 4/5 10/2",
    ),
    (
        Dates(tuple((date(2027 + n // 12, n % 12 + 1, 1), None) for n in range(14) if n != 12), MORNING),
        "13 utsatta datum, 1 januari 2027–1 februari 2028, kl. 09.00–11.30",
        "1/1 1/2 1/3 1/4 1/5",  # written by hand: they stand, days off or not
    ),
    (
        Relative("styrgrupp", "before", 10, "days", span("09:00")),
        "Tio dagar före möte i Styrgrupp kl. 09.00",
        "8/3 11/10 6/3 9/10 5/3",
    ),
    (
        Relative("styrgrupp", "before", 60, "minutes"),
        "En timme före möte i Styrgrupp, samma dag",
        "18/3 21/10 16/3 19/10 15/3",
    ),
    (
        Relative("styrgrupp", "after", 150, "minutes"),
        "Två timmar och 30 minuter efter möte i Styrgrupp, samma dag",
        "18/3 21/10 16/3 19/10 15/3",
    ),
    (
        Relative("styrgrupp", "after", 1, "working-days"),
        "En arbetsdag efter möte i Styrgrupp",
        "19/3 22/10 17/3 20/10 16/3",
    ),
    (
        Relative("styrgrupp", "before", 2, "weeks", months=frozenset((3,))),
        "Två veckor före möte i Styrgrupp i mars",
        "4/3 2/3 1/3 7/3 6/3",
    ),
    (
        Relative("styrgrupp", "before", 0, "days", months=frozenset((3,))),
        "Till möte i Styrgrupp i mars",
        "18/3 16/3 15/3 21/3 20/3",
    ),
    (
        Monthly((NthWeekday(-1, FRI),), frozenset((3,)), year_interval=2, start=(2025, 1), at=span("09:00")),
        "Vartannat år i mars, sista fredagen (2025, 2027 …), kl. 09.00",
        "30/3 3/4 28/3",  # långfredagen in 2027 and in 2029
    ),
    (
        Monthly((NthWorkingDay(-1),), at=span("15:00")),
        "Sista arbetsdagen i varje månad kl. 15.00",
        "29/1 26/2 31/3 30/4 31/5",
    ),
    (
        Monthly((NthWorkingDay(-1),), frozenset((3, 6, 9, 12))),
        "Varje kvartal, sista arbetsdagen i kvartalets tredje månad",
        "31/3 30/6 30/9 31/3 30/6",
    ),
    (
        Monthly((NthWorkingDay(-2),), frozenset((4,))),
        "Näst sista arbetsdagen i april varje år",
        "29/4 27/4 27/4 29/4 29/4",
    ),
    (
        Monthly((DayOfMonth(31),), at=span("09:00")),
        "Den 31 i varje månad kl. 09.00, när den dagen finns",
        "1/2 31/3 31/5 31/8 1/11",
    ),
    (Monthly((DayOfMonth(1), DayOfMonth(15)), frozenset((2, 9))), "Den 1 och den 15 i februari och september",
     "1/2 15/2 1/9 15/9 1/2"),
    (OnDemand(), "Vid behov", ""),
    (TermOfOffice(), "En gång per mandatperiod", "26/2 28/2"),
    (
        TermOfOffice((NthWeekday(2, MON),), frozenset((3,)), span("09:00")),
        "En gång per mandatperiod, andra måndagen i mars det första året kl. 09.00",
        "8/3 10/3",
    ),
]  # fmt: skip


def read(cadence: Cadence, one: Body | None = None) -> str:
    municipality = town([body(STEERING, "styrgrupp")])
    return rhythm_sentence(cadence, municipality, one).replace("\u00a0", " ")


def next_five(municipality: Municipality, key: str) -> list[date]:
    found = place_all(municipality, day("2027-01-01"), day("2031-12-31"))[key]
    return [one.date for one in found if one.status == "planned"][:5]


@pytest.mark.parametrize(("cadence", "said", "dates"), RHYTHMS, ids=[said for _, said, _ in RHYTHMS])
def test_rhythm_is_said_and_dated(cadence: Cadence, said: str, dates: str) -> None:
    municipality = town([body(cadence), body(STEERING, "styrgrupp")])
    assert read(cadence) == said
    assert " ".join(f"{one.day}/{one.month}" for one in next_five(municipality, "grupp")) == dates


def test_sentence_tells_a_bodys_first_and_last_day() -> None:
    one = body(weekly(), starts=day("2027-03-01"), ends=day("2027-12-31"))
    assert read(one.cadence, one) == (
        "Varje vecka på tisdagar kl. 09.00–10.00, från och med 1 mars 2027, till och med 31 december 2027"
    )


def test_sentence_does_not_say_two_starts() -> None:
    fortnightly = Weekly((THU,), 2, start=day("2027-03-04"))
    one = body(fortnightly, starts=day("2027-03-01"))
    assert read(fortnightly, one) == "Varannan vecka på torsdagar, räknat från torsdag 4 mars 2027"


def test_sentence_tells_that_a_body_does_not_meet_yet() -> None:
    one = body(weekly(), status="under-development")
    assert read(one.cadence, one) == ("Varje vecka på tisdagar kl. 09.00–10.00 (under uppbyggnad: inga möten planeras)")


def test_sentences_hold_no_space_that_breaks_after_kl_or_within_a_date() -> None:
    said = [rhythm_sentence(cadence, town()) for cadence, _, _ in RHYTHMS]
    assert not [text for text in said if "kl. " in text or "14 januari" in text]
