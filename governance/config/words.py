"""The small words of the configuration: dates, clock times, months, weeks, lengths of time. Each parser takes what
the reader gives (text or whole number) and raises ValueError with a Swedish sentence that names the remedy."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, time
from difflib import get_close_matches

from governance.model.cadence import DateSpan, DaySpan, Recess, Span, WeekSpan
from governance.model.words import MONTHS as MONTHS_SV
from governance.model.words import WEEKDAYS as WEEKDAYS_SV

_MONTHS = "january february march april may june july august september october november december"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
MONTHS = {word: number for number, word in enumerate(re.findall(r"\w+", _MONTHS), start=1)}
WEEKDAYS = {word: number for number, word in enumerate(re.findall(r"\w+", _WEEKDAYS))}
_SWEDISH = {
    **dict(zip(MONTHS_SV, MONTHS, strict=True)),
    **dict(zip(WEEKDAYS_SV, WEEKDAYS, strict=True)),
    "ordförande": "chair",
    "vice ordförande": "vice-chair",
    "sekreterare": "secretary",
    "sammankallande": "convener",
    "ledamot": "member",
    "ersättare": "substitute",
    "adjungerad": "co-opted",
    "ständigt adjungerad": "standing-co-opted",
    "föredragande": "presenter",
    "beslut": "decision",
    "diskussion": "discussion",
    "uppföljning": "follow-up",
    "vecka": "week",
    "månad": "month",
    "kvartal": "quarter",
    "halvår": "half-year",
    "år": "year",
    "mandatperiod": "term-of-office",
    "vid behov": "on demand",
    "kommun": "municipality",
    "polis": "police",
}


def nearest(word: str, right: Iterable[str]) -> str:
    """`; menade du "quarter"?` for the right word nearest to a wrong one, or "" where none is near."""
    words = list(right)
    translated = _SWEDISH.get(word.lower())
    found = [translated] if translated in words else get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    return f'; menade du "{found[0]}"?' if found else ""


def choices(right: Iterable[str]) -> str:
    """The right words, to choose from: `välj week, month eller year`."""
    words = list(right)
    return f"välj {', '.join(words[:-1])} eller {words[-1]}" if len(words) > 1 else f"skriv {words[0]}"


def unknown(word: object, what: str, right: Iterable[str]) -> str:
    """The sentence for a word that is none of the right ones."""
    words = list(right)
    hint = nearest(str(word), words)
    return f'"{word}" är {what}{hint or "; " + choices(words)}'


def parse_day(value: object) -> date:
    """`2027-02-11`."""
    text = str(value)
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    if not match:
        raise ValueError(f'"{text}" är inget datum; skriv år-månad-dag, till exempel 2027-02-11')
    year, month, day = map(int, match.groups())
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        raise ValueError(f"datumet {text} finns inte; skriv år-månad-dag, till exempel 2027-02-11")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"datumet {text} finns inte; {MONTHS_SV[month - 1]} {year} har {last} dagar")
    return date(year, month, day)


def parse_days(value: object) -> tuple[date, date]:
    """`2024-01-01..2027-12-31`, both ends included."""
    first, dots, last = str(value).partition("..")
    if not dots:
        raise ValueError(f'"{value}" är ingen period; skriv från och till, till exempel 2024-01-01..2027-12-31')
    start, end = parse_day(first.strip()), parse_day(last.strip())
    if end < start:
        raise ValueError(f"perioden slutar ({end}) innan den börjar ({start}); byt plats på datumen")
    return start, end


def parse_start(value: object) -> tuple[int, int, int | None]:
    """`2025`, `2027-02` or `2027-02-11`, as year, month (1 where not given) and day."""
    text = str(value)
    if re.fullmatch(r"\d{4}", text):
        return int(text), 1, None
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if match and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2]), None
    day = parse_day(text)
    return day.year, day.month, day.day


def parse_clock(value: object) -> time:
    """`09:00`. Between 02:00 and 02:59 an hour is missing or doubled when the clocks change: refused."""
    text = str(value).strip()
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'"{text}" är inget klockslag; skriv till exempel "09:00" eller "09:00-10:00"')
    if int(match[1]) == 2:
        raise ValueError(f"klockslaget {text} finns inte när klockan ställs om till sommartid; välj en annan tid")
    return time(int(match[1]), int(match[2]))


def parse_span(value: object) -> Span:
    """`09:00-10:00`, or `09:00` alone: then the body's duration gives the end."""
    first, dash, last = str(value).replace("–", "-").partition("-")
    start = parse_clock(first)
    if not dash:
        return Span(start)
    end = parse_clock(last)
    if end <= start:
        raise ValueError(f'mötet slutar ({end:%H:%M}) innan det börjar ({start:%H:%M}); skriv "start-slut"')
    return Span(start, end)


def parse_moment(value: object) -> tuple[date, Span | None]:
    """`2027-02-11`, `2027-09-16 10:00` or `2027-04-14 10:30-11:30`."""
    first, _, rest = str(value).strip().partition(" ")
    return parse_day(first), parse_span(rest.strip()) if rest.strip() else None


def parse_recess(value: object) -> Recess:
    """`week 28-31`, `week 9`, `12-21..01-06`, `2027-03-01..2027-03-05` or `2027-03-01`."""
    text = str(value).strip()
    match = re.fullmatch(r"weeks? (\d{1,2})(?:-(\d{1,2}))?", text)
    if match:
        first, last = int(match[1]), int(match[2] or match[1])
        if not (1 <= first <= 53 and 1 <= last <= 53):
            raise ValueError(f'"{text}" finns inte; veckorna går från 1 till 53')
        return WeekSpan(first, last)
    match = re.fullmatch(r"(\d{2})-(\d{2})\.\.(\d{2})-(\d{2})", text)
    if match:
        parts = [int(part) for part in match.groups()]
        for month, day in (parts[:2], parts[2:]):
            if not 1 <= month <= 12 or not 1 <= day <= monthrange(2028, month)[1]:
                raise ValueError(f"{month:02}-{day:02} finns inte; skriv månad-dag, till exempel 12-21..01-06")
        return DaySpan((parts[0], parts[1]), (parts[2], parts[3]))
    if re.match(r"\d{4}-", text):
        first_day, last_day = parse_days(text) if ".." in text else (parse_day(text), parse_day(text))
        return DateSpan(first_day, last_day)
    raise ValueError(f'"{text}" är ingen ledig period; skriv till exempel week 28-31, "12-21..01-06" eller datum')


def parse_season(value: object) -> WeekSpan | DaySpan:
    """A semester: weeks, or month and day."""
    span = parse_recess(value)
    if isinstance(span, DateSpan):
        raise ValueError(  # noqa: TRY004 - the value is wrong, not its type
            f'"{value}" gäller bara ett år; skriv till exempel week 3-22 eller "01-15..06-10"'
        )
    return span


def parse_minutes(value: object) -> int:
    """`20 min`, `2 hours` or a whole number of minutes, as minutes."""
    match = re.fullmatch(r"(\d{1,4})\s*(min|minutes?|h|hours?)?", str(value).strip())
    if not match or int(match[1]) == 0:
        raise ValueError(f'"{value}" är ingen tidslängd; skriv till exempel 20 min eller 2 hours')
    return int(match[1]) * (60 if (match[2] or "").startswith("h") else 1)


def slug(name: str) -> str:
    """A name as a key: `Storåns kommun` gives `storans-kommun`."""
    plain = name.lower().translate(str.maketrans("åäöéèüáà", "aaoeeuaa"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
