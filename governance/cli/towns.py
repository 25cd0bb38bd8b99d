"""What the listings ask of the municipalities: which organ or person is meant, and whose a row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from governance.cli.arguments import UsageProblem
from governance.config import words
from governance.listing import Column
from governance.model.body import Municipality


def for_towns(columns: Sequence[Column], towns: Sequence[Municipality]) -> list[Column]:
    """The columns, with the municipality by name where there are several."""
    names = {town.id: town.name for town in towns}
    return [
        replace(each, hide_in_table=len(names) < 2, format=lambda town: names.get(town, town))
        if each.field == "municipality"
        else each
        for each in columns
    ]


def meant_body(towns: Sequence[Municipality], given: str, *, editions: bool = False) -> set[str]:
    """The keys of the organ, by its key or name; with `editions` the products and the two-year follow-up too.

    Raises UsageProblem for a word that is none of them.
    """
    from governance.secretariat.steps import TWO_YEAR, occasion_name  # noqa: PLC0415  # `year` needs no database

    pairs = [
        (key, occasion_name(town, key))
        for town in towns
        for key in (*town.bodies, *([*town.products, TWO_YEAR] if editions else []))
    ]
    return _meant(given, pairs, "inget organ i konfigurationen")


def meant_person(towns: Sequence[Municipality], given: str) -> set[str]:
    """The ids of the person, by id or name. Raises UsageProblem for a word that is neither."""
    pairs = [(key, person.name) for town in towns for key, person in town.people.items()]
    return _meant(given, pairs, "ingen person i konfigurationen")


def _meant(given: str, pairs: Sequence[tuple[str, str]], what: str) -> set[str]:
    wanted = given.casefold()
    found = {key for key, name in pairs if wanted in (key.casefold(), name.casefold())}
    if not found:
        raise UsageProblem(words.unknown(given, what, dict(pairs)))
    return found
