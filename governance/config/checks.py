"""What only the whole configuration can show. One table of named checks; each yields what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from governance.config import references, sign_in, words
from governance.config.draft import Draft, Finding, Findings
from governance.config.problem import Path
from governance.config.schema import Config
from governance.config.source import Source
from governance.model.body import Municipality
from governance.model.cadence import OnDemand, Relative
from governance.model.deadlines import LeadTime
from governance.model.governance import ROLE_NAMES
from governance.model.slots import slot_dates

_ID = re.compile(r"[a-z0-9åäöéü][a-z0-9åäöéü_.-]{0,63}")
_MUST_BE_HELD = ("chair", "convener", "secretary")
_DAYS = {"days": 1.0, "working-days": 1.4, "weeks": 7.0, "months": 30.4}  # calendar days, near enough to compare


def run_checks(config: Config, municipality: Municipality, source: Source) -> None:
    """Runs every check of the table. What may echo an earlier mistake is left out."""
    draft = Draft(config, municipality, source)
    found = [finding for _, check in CHECKS for finding in check(draft) if not source.clouded(finding.path)]
    for path, message, severity in found:
        source.report(path, message, severity)


def ids(draft: Draft) -> Findings:
    """Ids end up in file names, addresses and calendar objects: small letters, digits, dots and hyphens."""
    for section in ("organisations", "people", "bodies", "products", "agreements"):
        for id_ in draft.ids(section):
            if not _ID.fullmatch(id_):
                better = words.slug(id_)
                hint = f"; skriv till exempel {better}" if better else ""
                yield Finding(
                    (section, id_), f"nyckeln får bara ha små bokstäver, siffror, punkt och bindestreck{hint}"
                )


def names_once(draft: Draft) -> Findings:
    """Two bodies of one name, or two persons of one address, cannot be told apart in papers and replies."""
    names: dict[str, str] = {}
    for id_, body in draft.config.bodies.items():
        if body.name in names:
            yield Finding(
                ("bodies", id_, "name"), f'även {names[body.name]} heter "{body.name}"; ge dem olika namn', "warning"
            )
        names.setdefault(body.name, id_)
    addresses: dict[str, str] = {}
    for id_, person in draft.config.people.items():
        address = person.email.lower()
        if address in addresses:
            message = f"även {addresses[address]} har adressen {address}; svar går då inte att skilja åt"
            yield Finding(("people", id_, "email"), message, "warning")
        addresses.setdefault(address, id_)


def held_seats(draft: Draft) -> Findings:
    """Somebody chairs, calls and writes: these seats have a holder, unless the organ's papers are made elsewhere."""
    for id_, body in draft.config.bodies.items():
        if body.external:
            continue
        for number, seat in enumerate(body.seats):
            if seat.role in _MUST_BE_HELD and not seat.held_by:
                message = f'platsen som {ROLE_NAMES[seat.role]} saknar innehavare; skriv "held_by" med en person'
                yield Finding(("bodies", id_, "seats", number, "held_by"), message)
        if not body.seats:
            yield Finding(
                ("bodies", id_, "seats"), 'organet har inga platser, så ingen får kallelsen; skriv "seats"', "warning"
            )
        elif not any(seat.role in ("chair", "convener") for seat in body.seats):
            message = "organet har varken ordförande (chair) eller sammankallande (convener); lägg till en plats"
            yield Finding(("bodies", id_, "seats"), message, "warning")


def terms(draft: Draft) -> Findings:
    """Nothing ends before it starts."""
    for id_, body in draft.config.bodies.items():
        if body.starts and body.ends and body.ends < body.starts:
            yield Finding(("bodies", id_, "ends"), f"organet upphör ({body.ends}) innan det börjar ({body.starts})")
        for number, seat in enumerate(body.seats):
            if seat.from_ and seat.until and seat.until < seat.from_:
                message = f"platsen slutar ({seat.until}) innan den börjar ({seat.from_}); byt plats på datumen"
                yield Finding(("bodies", id_, "seats", number, "until"), message)


def strategic_council(draft: Draft) -> Findings:
    """10 § lag (2023:196): the municipality leads the council; the others send people in leading positions."""
    kinds = {id_: organisation.type for id_, organisation in draft.municipality.organisations.items()}
    for id_, body in draft.municipality.bodies.items():
        if "strategic-council" not in body.fulfils:
            continue
        for number, seat in enumerate(body.seats):
            path: Path = ("bodies", id_, "seats", number)
            kind = kinds.get(seat.organisation)
            if not seat.held_by or kind in (None, "municipality"):
                continue
            if seat.role == "chair":
                name = draft.municipality.organisation_name(seat.organisation)
                message = (
                    f"rådet ska ledas av kommunen (10 §), men ordföranden kommer från {name}; välj en från kommunen"
                )
                yield Finding(path, message)
            elif seat.role in ("member", "vice-chair") and not seat.leading_position:
                message = (
                    "ledamöter utanför kommunen bör ha ledande ställning (10 §); skriv leading_position: true om så är"
                )
                yield Finding(path, message, "warning")


def agreements(draft: Draft) -> Findings:
    """9 § lag (2023:196): an agreement states at least its purposes and areas."""
    for id_, agreement in draft.config.agreements.items():
        for key, given, name in (
            ("purposes", agreement.purposes, "ändamålen"),
            ("areas", agreement.areas, "områdena"),
        ):
            if not given:
                message = f'överenskommelsen ska ange {name} för samverkan (9 §); skriv "{key}" med minst ett'
                yield Finding(("agreements", id_, key), message)


def changed_slots(draft: Draft) -> Findings:
    """A change is keyed by the date that the rhythm gives; another date changes nothing."""
    for id_, body in draft.municipality.bodies.items():
        if isinstance(body.cadence, Relative | OnDemand):
            continue
        for day in body.changes:
            if slot_dates(body.cadence, day, day, draft.municipality.calendar):
                continue
            around = slot_dates(
                body.cadence, day - timedelta(days=200), day + timedelta(days=200), draft.municipality.calendar
            )
            near = min(around, key=lambda slot: abs(slot - day), default=None)
            hint = f"; närmast ligger {near}" if near else ""
            message = f"rytmen ger inget möte den dagen, så ändringen får ingen verkan{hint}"
            yield Finding(("bodies", id_, "changes", str(day)), message, "warning")


def dateless(draft: Draft) -> Findings:
    """A rhythm that follows a body without dates has none either."""
    things = [(("bodies", id_, "rhythm"), body.cadence) for id_, body in draft.municipality.bodies.items()]
    papers = [(("products", id_), product.cadence) for id_, product in draft.municipality.products.items()]
    for path, cadence in [*things, *papers]:
        other = draft.municipality.bodies.get(cadence.body) if isinstance(cadence, Relative) else None
        if isinstance(cadence, Relative) and other and isinstance(other.cadence, OnDemand):
            message = f"{other.name} möts vid behov och har inga datum att följa; välj ett annat organ"
            yield Finding((*path, cadence.direction), message, "warning")


def lead_times(draft: Draft) -> Findings:
    """Questions open before they close, and close before the agenda that shows the answers leaves."""
    for id_, body in draft.municipality.bodies.items():
        lead, path = body.lead_times, ("bodies", id_, "lead_times")
        if body.external:
            continue
        if _days(lead.agenda) > _days(lead.status_close):
            message = "dagordningen skickas innan frågorna har stängt; korta agenda eller förläng status_close"
            yield Finding((*path, "agenda"), message, "warning")
        if _days(lead.status_close) > _days(lead.status_request):
            message = "frågorna stänger innan de går ut; korta status_close eller förläng status_request"
            yield Finding((*path, "status_close"), message, "warning")


def _days(lead: LeadTime) -> float:
    return lead.amount * _DAYS[lead.unit]


def case_numbers(draft: Draft) -> Findings:
    """A case number follows the local pattern, where one is given."""
    pattern = draft.config.municipality.case_number
    if not pattern:
        return
    odd = [word for word in re.findall(r"\{([^}]*)\}", pattern) if word not in ("year", "number")]
    if odd or "{number}" not in pattern:
        message = 'mönstret byggs av {year} och {number}, till exempel "KS {year}-{number}"'
        yield Finding(("municipality", "case_number"), message)
        return
    right = re.escape(pattern).replace(r"\{year\}", r"\d{4}").replace(r"\{number\}", r"\d+(?:\.\d+)*")
    plan = draft.config.duties.law_2023_196.action_plan
    given: list[tuple[Path, str]] = [
        (("duties", "law_2023_196", "action_plan", "case_number"), plan.case_number if plan else "")
    ]
    given += [(("agreements", id_, "case_number"), it.case_number) for id_, it in draft.config.agreements.items()]
    for path, number in given:
        if number and not re.fullmatch(right, number):
            example = pattern.replace("{year}", "2025").replace("{number}", "112")
            yield Finding(path, f'"{number}" följer inte kommunens mönster; skriv till exempel {example}')


CHECKS: tuple[tuple[str, Callable[[Draft], Findings]], ...] = (
    ("ids can stand in file names", ids),
    ("names and addresses stand once", names_once),
    ("persons exist", references.people),
    ("organisations exist", references.organisations),
    ("bodies exist", references.bodies),
    ("organs given by name are no misspelt ids", references.organs_by_name),
    ("nothing leads back to itself", references.circles),
    ("chair, convener and secretary have a holder", held_seats),
    ("nothing ends before it starts", terms),
    ("the strategic council is as 10 § asks", strategic_council),
    ("agreements are as 9 § asks", agreements),
    ("changes hit a meeting", changed_slots),
    ("what is followed has dates", dateless),
    ("lead times come in order", lead_times),
    ("case numbers follow the pattern", case_numbers),
    ("the door is shut to those outside", sign_in.door),
)
