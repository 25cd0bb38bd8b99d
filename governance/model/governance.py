"""What the configuration says of the governance, as facts that can be kept, and what has changed between two times.

The yearly follow-up shows the changes: new and closed bodies, other rhythms, who took and left a seat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from governance.model.body import Body, Municipality, Product
from governance.model.cadence import Cadence
from governance.model.people import Role

Facts = dict[str, str]  # "organ/styrgrupp/ordförande" -> "Karin Åhlén"; the names of several are parted by "; "

ROLE_NAMES: Mapping[Role, str] = {
    "chair": "ordförande",
    "vice-chair": "vice ordförande",
    "secretary": "sekreterare",
    "convener": "sammankallande",
    "member": "ledamot",
    "substitute": "ersättare",
    "standing-co-opted": "ständigt adjungerad",
    "co-opted": "adjungerad",
    "presenter": "föredragande",
}
_ONE_HOLDER = ("ordförande", "vice ordförande", "sekreterare", "sammankallande")
_STATES = {"active": "i gång", "under-development": "under uppbyggnad", "paused": "vilande"}
_NEW = {"organ": "Nytt organ", "handling": "Ny återkommande handling", "överenskommelse": "Ny överenskommelse"}
_GONE = {
    "organ": "Organet har upphört",
    "handling": "Handlingen tas inte längre fram",
    "överenskommelse": "Överenskommelsen finns inte längre",
}


def governance_facts(
    municipality: Municipality, day: date | None = None, describe: Callable[[Cadence], str] | None = None
) -> Facts:
    """The governance as flat facts with Swedish values.

    With `day`, only seats held on that day count. `describe` says a rhythm in Swedish; without it, a changed
    rhythm can be seen but not told in words.
    """
    say = describe or str
    facts: Facts = {"kommun//namn": municipality.name}
    facts["kommun//ledande organ"] = municipality.body_name(municipality.lead_committee)
    facts["kommun//samordningsfunktion"] = _names(municipality, municipality.coordination_function)
    for body in municipality.bodies.values():
        facts |= {f"organ/{body.id}/{name}": value for name, value in _of_body(municipality, body, day, say).items()}
    for product in municipality.products.values():
        for name, value in _of_product(municipality, product, say).items():
            facts[f"handling/{product.id}/{name}"] = value
    for agreement in municipality.agreements.values():
        key = f"överenskommelse/{agreement.id}"
        facts[f"{key}/namn"] = agreement.title
        facts[f"{key}/parter"] = "; ".join(municipality.organisation_name(party) for party in agreement.parties)
        facts[f"{key}/giltighet"] = f"{agreement.valid_from}–{agreement.valid_until}"
        facts[f"{key}/områden"] = "; ".join(agreement.areas)
    picture, plan = municipality.duties.situation_picture, municipality.duties.action_plan
    if picture:
        facts["plikt/Lägesbilden/områden"] = "; ".join(picture.areas)
    if plan:
        facts["plikt/Åtgärdsplanen/beslutas av"] = municipality.body_name(plan.decided_by)
    return {key: value for key, value in facts.items() if value}


def _names(municipality: Municipality, people: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(municipality.person_name(person) for person in people))


def _of_body(municipality: Municipality, body: Body, day: date | None, say: Callable[[Cadence], str]) -> Facts:
    facts = {
        "namn": body.name,
        "rytm": say(body.cadence),
        "rapporterar till": municipality.body_name(body.reports_to),
        "läge": _STATES[body.status],
    }
    seats = body.seats if day is None else body.seats_on(day)
    for role, name in ROLE_NAMES.items():
        facts[name] = _names(municipality, (person for seat in seats if seat.role == role for person in seat.held_by))
    return facts


def _of_product(municipality: Municipality, product: Product, say: Callable[[Cadence], str]) -> Facts:
    return {
        "namn": product.title,
        "rytm": say(product.cadence),
        "tas fram av": municipality.body_name(product.prepared_by),
        "beslutas av": municipality.body_name(product.decided_by),
        "lämnas till": "; ".join(municipality.body_name(body) for body in product.to),
    }


def governance_diff(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """What has changed from one set of facts to another, as Swedish sentences without a full stop."""
    changes: list[str] = []
    renamed = {old[key]: new[key] for key in old if key.startswith("organ/") and key.endswith("/namn") and key in new}
    for thing in dict.fromkeys(_thing(key) for key in (*new, *old)):
        kind, was, now = thing[0], _about(thing, old), _about(thing, new)
        if kind in _NEW and not was:
            changes.append(f"{_NEW[kind]}: {now['namn']}")
        elif kind in _NEW and not now:
            changes.append(f"{_GONE[kind]}: {was['namn']}")
        else:
            subject = now.get("namn", thing[1])
            for name in dict.fromkeys((*was, *now)):
                changes += _told(subject, name, _renamed(name, was.get(name, ""), renamed), now.get(name, ""))
    return changes


def _renamed(name: str, value: str, renamed: Mapping[str, str]) -> str:
    """A body's new name where a fact only points at it: the change of name is told once, at the body."""
    return value if name == "namn" else "; ".join(renamed.get(part, part) for part in value.split("; "))


def _thing(key: str) -> tuple[str, str]:
    kind, _, rest = key.partition("/")
    return kind, rest.rpartition("/")[0]


def _about(thing: tuple[str, str], facts: Mapping[str, str]) -> Facts:
    prefix = f"{thing[0]}/{thing[1]}/"
    return {
        key[len(prefix) :]: value
        for key, value in facts.items()
        if key.startswith(prefix) and "/" not in key[len(prefix) :]
    }


def _told(subject: str, name: str, was: str, now: str) -> list[str]:
    """The sentences for one fact: of a role with one holder, a role with several, or anything else."""
    if was == now:
        return []
    if name == "namn":
        return [f"{was} heter nu {now}"]
    if name == "rytm":
        readable = "(" not in was + now
        return [f"{subject}: rytmen ändrad från ”{was}” till ”{now}”" if readable else f"{subject}: rytmen har ändrats"]
    if name in ROLE_NAMES.values() and name not in _ONE_HOLDER:
        before, after = was.split("; ") if was else [], now.split("; ") if now else []
        left = [f"{subject}: {person} är inte längre {name}" for person in before if person not in after]
        return left + [f"{subject}: ny {name} är {person}" for person in after if person not in before]
    if name in _ONE_HOLDER:
        return [f"{subject}: {name} ändrad från {_listed(was or 'vakant')} till {_listed(now or 'vakant')}"]
    former = f" (förut {_listed(was)})" if was else " (nytt)"
    return [f"{subject}: {name} {_listed(now)}{former}" if now else f"{subject}: {name} inte längre {_listed(was)}"]


def _listed(value: str) -> str:
    *most, last = value.split("; ")
    return f"{', '.join(most)} och {last}" if most else last
