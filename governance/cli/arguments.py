"""The verbs of `kadens` in one table, their arguments, and the settings all of them share.

A new verb is a row in VERBS; its function is named by module and imported when the verb is used.
"""

from __future__ import annotations

import os
from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from governance.cli.parsing import SwedishParser, day, port, year

__all__ = ["VERBS", "Namespace", "Settings", "UsageProblem", "Verb", "build_parser", "settings"]

_ZONE = ZoneInfo("Europe/Stockholm")
_MORNING = time(6, 0)  # a day given by --today is met before anybody is at work


class UsageProblem(Exception):
    """The command cannot be carried out as given; the message says why and what to do, in Swedish."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What all verbs share. An empty `database` means a SQLite file in the data folder, as the office has it."""

    config: Path
    data: Path
    database: str
    now: datetime  # aware
    verbose: bool = False

    @property
    def today(self) -> date:
        """The day it is in Sweden."""
        return self.now.astimezone(_ZONE).date()


def settings(arguments: Namespace) -> Settings:
    """The settings from the arguments, the environment and the defaults, in that order.

    Raises UsageProblem where there is no config, or none that can be read.
    """
    now = datetime.combine(arguments.today, _MORNING, _ZONE) if arguments.today else datetime.now(_ZONE)
    return Settings(
        config=find_config(arguments.config),
        data=Path(arguments.data or os.environ.get("KADENS_DATA") or "kadens-data"),
        database=arguments.database or os.environ.get("KADENS_DATABASE") or "",
        now=now,
        verbose=arguments.verbose,
    )


def find_config(given: str | None) -> Path:
    """The config file or folder: `given`, else $KADENS_CONFIG, else ./config.yaml. Raises UsageProblem."""
    named = given or os.environ.get("KADENS_CONFIG")
    path = Path(named or "config.yaml")
    if not path.exists():
        if named:
            raise UsageProblem(f"konfigurationen {path} finns inte; kontrollera namnet eller skapa en med kadens init")
        raise UsageProblem("här finns ingen config.yaml; ange den med --config eller skapa en med kadens init")
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            path.open("rb").close()
    except OSError as error:
        raise UsageProblem(f"konfigurationen {path} går inte att läsa; kontrollera behörigheten") from error
    return path


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its line of help, what it takes, and its function as `module:function`, called with the Namespace."""

    name: str
    help: str
    add: Callable[[SwedishParser], None]
    run: str
    takes: str = ""  # the positional arguments as the usage shows them
    needs_flows: bool = False


def _formats(parser: SwedishParser, shapes: Sequence[str] = ("table", "json", "csv")) -> None:
    listed = f"{', '.join(shapes[:-1])} eller {shapes[-1]}; annars table"
    parser.own.add_argument("--format", choices=shapes, default="table", metavar="FORMAT", help=listed)


def _init(parser: SwedishParser) -> None:
    parser.given.add_argument("folder", nargs="?", default=".", metavar="MAPP", help="mappen; annars den här")
    parser.own.add_argument("--templates", action="store_true", help="lägger även dit mallarna, för att ändra i dem")


def _check(parser: SwedishParser) -> None:
    parser.given.add_argument("file", nargs="?", metavar="FIL", help="en annan konfiguration än --config anger")
    _formats(parser)


def _explain(parser: SwedishParser) -> None:
    parser.given.add_argument("body", nargs="?", metavar="ORGAN", help="bara det organet (eller den handlingen)")
    _formats(parser)


def _year(parser: SwedishParser) -> None:
    parser.given.add_argument("year", nargs="?", type=year, metavar="ÅR", help="året; annars det här")
    shapes = ("table", "json", "csv", "ics", "svg")
    listed = "table, json, csv, ics (kalender) eller svg (årshjul); annars table"
    parser.own.add_argument("--format", choices=shapes, default="table", metavar="FORMAT", help=listed)


def _plan(parser: SwedishParser) -> None:
    parser.own.add_argument("--confirm", action="store_true", help="genomför ändringarna")
    _formats(parser)


def _run(parser: SwedishParser) -> None:
    add = parser.own.add_argument
    add("--until", type=day, metavar="DATUM", help="låter klockan gå dit, från en förfallodag till nästa")
    add("--record", type=Path, metavar="SÖKVÄG", help="svar, närvaro och beslut ur en fil eller mapp, på sina dagar")
    add("--out", type=Path, metavar="MAPP", help="samlar handlingar och brev där")
    add("--no-prefect", action="store_true", help="samma arbete utan Prefect")
    add("--dry-run", action="store_true", help="skickar ingenting")
    _formats(parser, ("table", "json"))


def _record(parser: SwedishParser) -> None:
    parser.given.add_argument("file", type=Path, metavar="FIL", help="filen, eller en mapp med sådana")


def _due(parser: SwedishParser) -> None:
    parser.own.add_argument("--body", metavar="ORGAN", help="bara det organet")
    parser.own.add_argument("--person", metavar="PERSON", help="bara det som väntar på personen")
    parser.own.add_argument("--late", action="store_true", help="bara det som väntar nu eller är försenat")
    _formats(parser)


def _papers(parser: SwedishParser) -> None:
    _formats(parser)
    inner = parser.add_subparsers(dest="action", metavar="open", title="Mer", parser_class=SwedishParser)
    opened = inner.add_parser(
        "open",
        prog="kadens papers open",
        help="skriver ut en handling",
        usage="kadens papers open NUMMER [val]",
        description="Skriver ut en handling.",
    )
    opened.given.add_argument("id", metavar="NUMMER", help="handlingens nummer, som listan visar det")
    opened.own.add_argument("--to", type=Path, metavar="FIL", help="filen; annars skrivs handlingen ut direkt")
    _shared(opened, SUPPRESS)


def _actions(parser: SwedishParser) -> None:
    parser.own.add_argument("--body", metavar="ORGAN", help="bara det organets")
    parser.own.add_argument("--owner", metavar="PERSON", help="bara den personens")
    parser.own.add_argument("--all", action="store_true", help="även avslutade")
    _formats(parser)


def _serve(parser: SwedishParser) -> None:
    add = parser.own.add_argument
    add("--host", default="127.0.0.1", metavar="ADRESS", help="sidornas adress; annars når bara den egna datorn dem")
    add("--port", type=port, default=8000, metavar="PORT", help="sidornas port; annars 8000")
    add("--prefect-port", type=port, default=4200, metavar="PORT", help="Prefects port på den egna datorn; annars 4200")
    add("--web-only", action="store_true", help="bara sidorna, utan Prefect och scheman")
    add("--worker", action="store_true", help="bara arbetaren, för större installationer")


_CONFIG, _RUN, _ARCHIVE = "governance.cli.config_verbs", "governance.cli.run_verbs", "governance.cli.archive_verbs"

VERBS: tuple[Verb, ...] = (
    Verb("init", "skriver en config.yaml som går att köra och ändra i", _init, f"{_CONFIG}:init", "[MAPP]"),
    Verb("check", "visar alla fel i konfigurationen", _check, f"{_CONFIG}:check", "[FIL]"),
    Verb("schema", "skriver konfigurationens JSON Schema, för redigerare", lambda _: None, f"{_CONFIG}:schema"),
    Verb("explain", "säger varje rytm i ord, med de fem närmaste datumen", _explain, f"{_CONFIG}:explain", "[ORGAN]"),
    Verb("year", "visar årets möten och handlingar", _year, "governance.cli.year_verb:year", "[ÅR]"),
    Verb("plan", "visar vad en ändrad konfiguration gör med lagda möten", _plan, f"{_RUN}:plan", needs_flows=True),
    Verb("run", "gör allt som ska göras nu", _run, f"{_RUN}:run", needs_flows=True),
    Verb("due", "visar vad som ska göras, är försenat och är gjort", _due, f"{_ARCHIVE}:due"),
    Verb("record", "läser in svar, närvaro och beslut ur en fil", _record, f"{_RUN}:record", "FIL"),
    Verb("papers", "visar alla handlingar, eller öppnar en", _papers, f"{_ARCHIVE}:papers", "[open NUMMER]"),
    Verb("actions", "visar åtgärderna i alla organ", _actions, f"{_ARCHIVE}:actions"),
    Verb("duties", "visar lagens krav, med frister och luckor", _formats, f"{_ARCHIVE}:duties"),
    Verb(
        "serve", "kör scheman och sidor tills den stoppas", _serve, "governance.cli.serve_verb:serve", needs_flows=True
    ),
)


class _Version(Action):
    """--version, looked up only when asked for."""

    def __call__(self, parser: ArgumentParser, *_: Any) -> None:
        from governance.cli.installed import version  # noqa: PLC0415

        print(f"kadens {version()}")
        parser.exit(0)


def _shared(parser: SwedishParser, otherwise: Any) -> None:
    """The options that may stand before or after the verb; after it, only what is given may replace the former."""
    group = parser.add_argument_group("Gemensamma val")
    where = "konfigurationen, en fil eller mapp; annars $KADENS_CONFIG eller ./config.yaml"
    group.add_argument("--config", default=otherwise, metavar="SÖKVÄG", help=where)
    group.add_argument(
        "--database", default=otherwise, metavar="ADRESS", help="annars $KADENS_DATABASE eller en fil bland data"
    )
    group.add_argument("--data", default=otherwise, metavar="MAPP", help="annars $KADENS_DATA eller ./kadens-data")
    group.add_argument("--today", type=day, default=otherwise, metavar="DATUM", help="räknar som om det vore den dagen")
    group.add_argument(
        "--verbose",
        action="store_true",
        default=SUPPRESS if otherwise is SUPPRESS else False,
        help="visar också var i programmet ett fel uppstod",
    )


def build_parser() -> SwedishParser:
    """The whole command."""
    parser = SwedishParser(
        prog="kadens",
        usage="kadens [val] VERB [val]",
        description="Håller rytmen i kommunens brottsförebyggande arbete: möten, kallelser, dagordningar, protokoll "
        "och lägesbilder.",
        epilog="Hjälp om ett verb: kadens VERB --help",
    )
    parser.own.add_argument("--version", action=_Version, nargs=0, help="visar versionen")
    _shared(parser, None)
    verbs = parser.add_subparsers(title="Verb", metavar="VERB", dest="name", required=True, parser_class=SwedishParser)
    for verb in VERBS:
        takes = f" {verb.takes}" if verb.takes else ""
        inner = verbs.add_parser(
            verb.name,
            prog=f"kadens {verb.name}",
            usage=f"kadens {verb.name}{takes} [val]",
            help=verb.help,
            description=f"{verb.help[0].upper()}{verb.help[1:]}.",
        )
        verb.add(inner)
        _shared(inner, SUPPRESS)
        inner.set_defaults(verb=verb)
    return parser
