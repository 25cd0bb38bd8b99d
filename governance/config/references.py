"""Checks of everything that points at something else: persons, organisations, bodies, and circles among bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from governance.config import words
from governance.config.draft import Draft, Finding, Findings
from governance.config.problem import Path

_NOUNS = {"people": "ingen person", "organisations": "ingen organisation", "bodies": "inget organ"}
_IN_FILE = "i filen"


def _missing(draft: Draft, section: str, path: Path, values: Iterable[str]) -> Findings:
    """A finding for each value that is no id of the section. Values may stand as one or as a list."""
    ids = draft.ids(section)
    if (section,) in draft.source.faults:
        return  # the section could not be read: nothing can be said of its ids
    for number, value in enumerate(values):
        if value and value not in ids:
            what = "ingen överenskommelse" if section == "agreements" else _NOUNS[section]
            hint = words.nearest(value, ids) or f"; lägg till nyckeln {value} under {section} eller rätta namnet"
            yield Finding((*path, number), f'"{value}" är {what} {_IN_FILE}{hint}')


def people(draft: Draft) -> Findings:
    """Whoever holds a seat, a function or a right is a person of the file."""
    for id_, body in draft.config.bodies.items():
        for number, seat in enumerate(body.seats):
            yield from _missing(draft, "people", ("bodies", id_, "seats", number, "held_by"), seat.held_by)
            titles = [other.title for other in body.seats]
            for key, value in (("for", seat.for_), ("alternate", seat.alternate)):
                if value not in titles:
                    yield from _missing(draft, "people", ("bodies", id_, "seats", number, key), [value])
    function = draft.config.municipality.coordination_function
    yield from _missing(draft, "people", ("municipality", "coordination_function"), function)
    for role, holders in draft.config.access:
        yield from _missing(draft, "people", ("access", role), holders)


def organisations(draft: Draft) -> Findings:
    """Persons, seats and parties belong to organisations of the file."""
    for id_, person in draft.config.people.items():
        yield from _missing(draft, "organisations", ("people", id_, "organisation"), [person.organisation])
    for id_, body in draft.config.bodies.items():
        for number, seat in enumerate(body.seats):
            path = ("bodies", id_, "seats", number, "organisation")
            yield from _missing(draft, "organisations", path, [seat.organisation])
    for id_, agreement in draft.config.agreements.items():
        yield from _missing(draft, "organisations", ("agreements", id_, "parties"), agreement.parties)


def bodies(draft: Draft) -> Findings:
    """Whatever must be a body of the file is one: who is reported to, followed, succeeded, and handed a paper."""
    for id_, body in draft.config.bodies.items():
        path: Path = ("bodies", id_)
        yield from _missing(draft, "bodies", (*path, "reports_to"), [body.reports_to])
        yield from _missing(draft, "bodies", (*path, "succeeds"), body.succeeds)
        for key in ("before", "after"):
            yield from _missing(draft, "bodies", (*path, "rhythm", key), [getattr(body.rhythm, key) or ""])
    for id_, product in draft.config.products.items():
        path = ("products", id_)
        yield from _missing(draft, "bodies", (*path, "to"), product.to)
        for key in ("before", "after"):
            yield from _missing(draft, "bodies", (*path, key), [getattr(product, key) or ""])
        if product.prepared_by not in draft.ids("people"):
            yield from _missing(draft, "bodies", (*path, "prepared_by"), [product.prepared_by])
    for id_, agreement in draft.config.agreements.items():
        yield from _missing(draft, "agreements", ("agreements", id_, "succeeds"), agreement.succeeds)


def organs_by_name(draft: Draft) -> Findings:
    """An organ may be given by a plain name; one that is nearly a body's id is a slip."""
    config, ids = draft.config, draft.ids("bodies")
    plan = config.duties.law_2023_196.action_plan
    duty: Path = ("duties", "law_2023_196", "action_plan")
    given: list[tuple[Path, str]] = [(("municipality", "lead_committee"), config.municipality.lead_committee)]
    given += [
        ((*duty, key), getattr(plan, key) if plan else "") for key in ("decided_by", "prepared_by", "endorsed_by")
    ]
    given += [(("bodies", id_, "appointed_by"), body.appointed_by) for id_, body in config.bodies.items()]
    for id_, product in config.products.items():
        given += [(("products", id_, key), getattr(product, key)) for key in ("endorsed_by", "decided_by")]
    for id_, agreement in config.agreements.items():
        given.append((("agreements", id_, "plan", "decided_by"), agreement.plan.decided_by if agreement.plan else ""))
    for path, value in given:
        if value and value not in ids and value == value.lower() and (hint := words.nearest(value, ids)):
            yield Finding(path, f'"{value}" är {_NOUNS["bodies"]} {_IN_FILE}{hint}')


def circles(draft: Draft) -> Findings:
    """Nobody reports to, follows or succeeds itself, by however long a way."""
    all_bodies = draft.config.bodies
    follows = {id_: [body.rhythm.before or body.rhythm.after or ""] for id_, body in all_bodies.items()}
    reports = {id_: [body.reports_to] for id_, body in all_bodies.items()}
    succeeds = {id_: list(body.succeeds) for id_, body in all_bodies.items()}
    renewed = {id_: list(agreement.succeeds) for id_, agreement in draft.config.agreements.items()}
    for ring in _rings(follows):
        key = "before" if all_bodies[ring[0]].rhythm.before else "after"
        message = f"rytmerna följer varandra i en ring ({_arrows(ring)}); ge ett av organen en egen rytm"
        yield Finding(("bodies", ring[0], "rhythm", key), message)
    for ring in _rings(reports):
        message = f"organen rapporterar till varandra i en ring ({_arrows(ring)}); ta bort en av raderna"
        yield Finding(("bodies", ring[0], "reports_to"), message)
    for section, graph in (("bodies", succeeds), ("agreements", renewed)):
        for ring in _rings(graph):
            message = f"de efterträder varandra i en ring ({_arrows(ring)}); ta bort en av raderna"
            yield Finding((section, ring[0], "succeeds"), message)


def _arrows(ring: list[str]) -> str:
    return " → ".join([*ring, ring[0]])


def _rings(graph: Mapping[str, list[str]]) -> list[list[str]]:
    """Each circle of a graph once, from its first node in the graph's order. Does not recurse: chains may be long."""
    found: list[list[str]] = []
    done: set[str] = set()
    for first in graph:
        trail: list[str] = []
        todo: list[tuple[str, int]] = [(first, 0)]
        while todo:
            node, depth = todo.pop()
            del trail[depth:]
            if node in trail:
                found.append(trail[trail.index(node) :])
            elif node in graph and node not in done:
                trail.append(node)
                todo += [(other, depth + 1) for other in graph[node]]
        done.update(_reached(graph, first))
    return found


def _reached(graph: Mapping[str, list[str]], first: str) -> set[str]:
    reached, todo = set(), [first]
    while todo:
        node = todo.pop()
        if node in graph and node not in reached:
            reached.add(node)
            todo += graph[node]
    return reached
