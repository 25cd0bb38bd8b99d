"""The verbs that need only the configuration: init, check, schema, explain, year."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from governance import bundled
from governance.cli.arguments import UsageProblem, find_config, settings
from governance.config import json_schema, load, words
from governance.listing import Column, Table, render
from governance.model.body import Municipality
from governance.model.occurrence import Occurrence
from governance.model.placement import place_all, place_products
from governance.papers.rhythms import rhythm_sentence
from governance.papers.swedish import clock_range, count, long_date, moved_sentence

_DATES_SHOWN = 5
_HORIZONS = (2, 25)  # years to look ahead: few rhythms need the second, which holds five terms of office
PROBLEM_COLUMNS = (
    Column("file", "Fil"),
    Column("line", "Rad"),
    Column("path", "Plats"),
    Column("severity", "Slag"),
    Column("message", "Problem"),
)
EXPLAIN_COLUMNS = (
    Column("municipality", "Kommun"),
    Column("kind", "Slag"),
    Column("id", "Id"),
    Column("name", "Namn"),
    Column("rhythm", "Rytm"),
    Column("next", "Närmaste datum"),
)


def init(arguments: Namespace) -> int:
    """Writes the bundled config.yaml, and with --templates the templates; what is there already stays as it is."""
    folder = Path(arguments.folder)
    wanted = ["config.yaml", *(["templates"] if arguments.templates else [])]
    missing = [name for name in wanted if not (folder / name).exists()]
    kept = [name for name in wanted if name not in missing]
    for name in kept:
        print(f"kadens: {folder / name} finns redan och lämnas som den är", file=sys.stderr)
    if not missing:
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for name in missing:
        source, target = bundled.folder(name), folder / name
        if source.is_dir():
            # The pages are the program's own: changed ones beside a config would never be read.
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "pages"))
        else:
            with target.open("xb") as file:
                file.write(source.read_bytes())
        print(f"Skrev {target}")
    if "config.yaml" in missing:
        print("Ändra i filen och kontrollera den med: kadens check")
    return 0


def check(arguments: Namespace) -> int:
    """Shows every problem of the config; status 1 where any of them is an error."""
    path = find_config(arguments.file or arguments.config)
    loaded = load(path)
    if arguments.format != "table":
        fields = [column.field for column in PROBLEM_COLUMNS]
        rows = [{field: getattr(problem, field) for field in fields} for problem in loaded.problems]
        render(Table(PROBLEM_COLUMNS, rows), arguments.format, sys.stdout)
    else:
        for problem in loaded.problems:
            print(problem)
        print(_verdict(loaded.municipalities, len(loaded.errors), len(loaded.problems) - len(loaded.errors)))
    return 1 if loaded.errors else 0


def _verdict(municipalities: Sequence[Municipality], errors: int, warnings: int) -> str:
    warned = count(warnings, "varning", "varningar", neuter=False)
    if errors:
        return f"{count(errors, 'fel', 'fel').capitalize()} och {warned}."
    held = "; ".join(
        f"{each.name} med {count(len(each.bodies), 'organ', 'organ')} och "
        f"{count(len(each.people), 'person', 'personer', neuter=False)}"
        for each in municipalities
    )
    return f"Inga fel och {warned}: {held}."


def schema(_: Namespace) -> int:
    """Writes the JSON Schema of the config."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


def usable(config: Path) -> tuple[Municipality, ...]:
    """The municipalities of a config without errors. Raises UsageProblem with the errors otherwise."""
    loaded = load(config)
    if loaded.errors or not loaded.municipalities:
        raise UsageProblem("\n".join(["konfigurationen har fel:", *map(str, loaded.errors or loaded.problems)]))
    return loaded.municipalities


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """A body's or a product's rhythm in words, with what it gives from today."""

    municipality: Municipality
    kind: str  # body | product
    id: str
    name: str
    sentence: str
    coming: tuple[Occurrence, ...]


def explain(arguments: Namespace) -> int:
    """Says each rhythm as a Swedish sentence with its next five dates."""
    chosen = settings(arguments)
    found = [rhythm for municipality in usable(chosen.config) for rhythm in _rhythms(municipality, chosen.today)]
    if arguments.body:
        found = _named(found, arguments.body)
    if arguments.format == "table":
        print("\n\n".join("\n".join(_told(rhythm, chosen.today)) for rhythm in found))
        return 0
    rows = [
        {
            "municipality": rhythm.municipality.id,
            "kind": rhythm.kind,
            "id": rhythm.id,
            "name": rhythm.name,
            "rhythm": rhythm.sentence,
            "next": [occurrence.date for occurrence in rhythm.coming],
        }
        for rhythm in found
    ]
    render(Table(EXPLAIN_COLUMNS, rows), arguments.format, sys.stdout)
    return 0


def _named(rhythms: Sequence[_Rhythm], name: str) -> list[_Rhythm]:
    wanted = name.casefold()
    found = [rhythm for rhythm in rhythms if wanted in (rhythm.id.casefold(), rhythm.name.casefold())]
    if not found:
        raise UsageProblem(words.unknown(name, "inget organ i konfigurationen", [rhythm.id for rhythm in rhythms]))
    return found


def _rhythms(municipality: Municipality, today: date) -> Iterator[_Rhythm]:
    bodies, products = _coming(municipality, today)
    for id_, body in municipality.bodies.items():
        sentence = rhythm_sentence(body.cadence, municipality, body)
        yield _Rhythm(municipality, "body", id_, body.name, sentence, bodies[id_])
    for id_, product in municipality.products.items():
        sentence = rhythm_sentence(product.cadence, municipality)
        yield _Rhythm(municipality, "product", id_, product.title, sentence, products[id_])


_Coming = dict[str, tuple[Occurrence, ...]]


def _coming(municipality: Municipality, today: date) -> tuple[_Coming, _Coming]:
    """The next five planned dates of every body and product; looks further ahead where two years hold fewer."""
    first = today - timedelta(days=366)  # a slot long past may have been moved to a day that is still to come
    for years in _HORIZONS:
        last = today + timedelta(days=366 * years)
        placed = place_all(municipality, first, last)
        due = place_products(municipality, first, last, placed)
        bodies = {key: _next(found, today) for key, found in placed.items()}
        products = {key: _next(found, today) for key, found in due.items()}
        if all(len(found) == _DATES_SHOWN for found in (*bodies.values(), *products.values())):
            break
    return bodies, products


def _next(occurrences: Sequence[Occurrence], today: date) -> tuple[Occurrence, ...]:
    coming = [each for each in occurrences if each.status == "planned" and each.date >= today]
    return tuple(sorted(coming, key=lambda each: (each.date, each.start))[:_DATES_SHOWN])


def _told(rhythm: _Rhythm, today: date) -> Iterator[str]:
    yield f"{rhythm.name} ({rhythm.id}, {rhythm.municipality.name})"
    yield f"  {rhythm.sentence}."
    for occurrence in rhythm.coming:
        when = long_date(occurrence.date)
        if rhythm.kind == "body":
            when += f" {clock_range(occurrence.start, occurrence.end)}"
        yield f"    {when}{_why(occurrence)}"
    if not rhythm.coming:
        yield f"    Inga datum från {long_date(today)}."


def _why(occurrence: Occurrence) -> str:
    if occurrence.moved_from:
        return f"  {moved_sentence(occurrence.moved_from, occurrence.reason)}"
    return f"  {occurrence.problem}" if occurrence.problem else ""
