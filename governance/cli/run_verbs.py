"""The verbs that change the archive: plan, run, record."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from governance.cli.arguments import Settings, UsageProblem, settings
from governance.cli.towns import for_towns
from governance.config.record import read_record
from governance.listing import Column, Table, render
from governance.model.body import Municipality
from governance.papers.swedish import clock, count, listing, long_date, number, sentence
from governance.secretariat.delivery import FolderProblem, lay_papers, mail_folder
from governance.secretariat.ledger import owed_in_words
from governance.secretariat.meetings import PlanLine, plan_meetings, planned_changes
from governance.secretariat.office import ConfigProblem, Done, Office, open_office
from governance.secretariat.record import Incoming, arrivals, take_in
from governance.secretariat.sweep import Moment, walk

if TYPE_CHECKING:
    from rich.progress import Progress

PAPER_WORDS = {
    "agenda": ("dagordning", "dagordningar"),
    "situation": ("veckolägesbild", "veckolägesbilder"),
    "minutes": ("anteckning eller protokoll", "anteckningar och protokoll"),
    "follow_up": ("uppföljning", "uppföljningar"),
}
RUN_COLUMNS = [Column(field, field) for field in ("municipality", "verb", "count", "papers", "mails", "failed")]
CHANGE_WORDS = {
    "new": "nytt",
    "moved": "flyttas",
    "cancelled": "ställs in",
    "attendees": "andra deltagare",
    "untouched": "orört",
}


def _moment_words(moment: datetime) -> str:
    return f"{long_date(moment.date())} kl. {clock(moment.time())}"


PLAN_COLUMNS = [
    Column("change", "Ändring", lambda each: CHANGE_WORDS[each]),
    Column("municipality", "Kommun", hide_in_table=True),
    Column("body", "Organ", hide_in_table=True),
    Column("name", "Organ", only_in_table=True),
    Column("slot", "Ordinarie dag", hide_in_table=True),
    Column("old", "Från", _moment_words),
    Column("new", "Till", _moment_words),
    Column("reason", "Skäl"),
    Column("called", "Kallat", lambda each: "ja" if each else "nej"),
    Column("mails", "Mejl", lambda each: str(each or "")),
]


@contextmanager
def opened(given: Settings, out: Path | None = None, *, dry_run: bool = False) -> Iterator[Office]:
    """The office as the settings have it; `out` gathers papers and mails elsewhere than in the data folder."""
    try:
        with open_office(given.config, given.now, given.database, given.data) as office:
            yield replace(office, folder=out or given.data, dry_run=dry_run)
    except ConfigProblem as problem:
        raise UsageProblem(f"konfigurationen har fel:\n{problem}") from problem


# --- run -------------------------------------------------------------------------------------------------------


def run(arguments: Namespace) -> int:
    """Does what is due, now or on the way to --until, and ends with what was made, sent and is owed."""
    given = settings(arguments)
    if arguments.until and arguments.until < given.today:
        raise UsageProblem(f"--until {arguments.until} ligger före {given.today}; ange en senare dag")
    with opened(given, arguments.out, dry_run=arguments.dry_run) as office:
        incoming = _incoming(office, arguments.record)
        tell = _Teller(given.today, arguments.until, quiet=arguments.format == "json" or not arguments.until)
        done = _walked(arguments, given, office, incoming, tell)
        tell.finish()
        end = office if not arguments.until else office.at(_last_moment(office, arguments.until))
        laid, refused = _lay(office)
        refused += _not_laid(office, done)
        if arguments.format == "json":
            _as_json(done)
        else:
            summary(end, done, laid, arguments.until, refused)
        for problem in refused:
            print(f"kadens: {problem}", file=sys.stderr)
    return 2 if refused else 0


def _lay(office: Office) -> tuple[dict[str, int], list[str]]:
    """Lays every municipality's papers in its folder: how many were new in each, and what the disk refused."""
    laid, refused = {}, []
    for town in office.municipalities:
        try:
            laid[town.id] = lay_papers(office, town)
        except FolderProblem as problem:
            refused.append(str(problem))
    return laid, refused


def _not_laid(office: Office, done: Sequence[Done]) -> list[str]:
    """Why mails still wait where they are laid in a folder: only a disk can refuse there."""
    last = {each.municipality: each for each in done if each.verb == "delivery"}
    return [
        each.what
        for town in office.municipalities
        if town.delivery.mail == "folder" and (each := last.get(town.id)) and each.failed
    ]


def _walked(
    arguments: Namespace,
    given: Settings,
    office: Office,
    incoming: Mapping[str, Sequence[Incoming]],
    tell: Callable[[Moment], None],
) -> list[Done]:
    if arguments.no_prefect:
        done: list[Done] = []
        for moment in walk(office, arguments.until, incoming):
            done.extend(moment.done)
            tell(moment)
        return done
    from flows.engine import surround  # noqa: PLC0415  # before Prefect is imported

    surround(given.data)
    print("Startar Prefect …", file=sys.stderr, flush=True)
    from flows.year import run as run_flow  # noqa: PLC0415  # takes a second to import

    return run_flow(office, arguments.until, incoming, tell)


def _incoming(office: Office, path: Path | None) -> dict[str, list[Incoming]]:
    if path is None:
        return {}
    if not path.exists():
        raise UsageProblem(f"{path} finns inte; kontrollera namnet")
    read = read_record(path, office.municipalities)
    errors = [problem for problem in read.problems if problem.severity == "error"]
    for problem in read.problems:
        print(problem, file=sys.stderr)
    if errors:
        raise UsageProblem(f"{path} kan inte läsas in; rätta raderna ovan. Ingenting är ändrat.")
    return {
        town.id: arrivals(town, [entry for key, entry in read.entries if key == town.id])
        for town in office.municipalities
    }


def _last_moment(office: Office, until: date) -> datetime:
    return datetime.combine(until, time(23, 59), office.municipalities[0].timezone)


class _Teller:
    """Shows a long walk's progress: a bar on a terminal, a line for each month with something done elsewhere."""

    def __init__(self, first: date, last: date | None, *, quiet: bool) -> None:
        self._quiet = quiet
        self._month = ""
        self._papers = self._mails = 0
        self._first = first
        self._bar = None if quiet or last is None or not sys.stdout.isatty() else _bar((last - first).days)

    def __call__(self, moment: Moment) -> None:
        month = f"{moment.at:%Y-%m}"
        if month != self._month:
            self._tell()
            self._month = month
        self._papers += sum(each.papers for each in moment.done)
        self._mails += sum(each.mails for each in moment.done if each.verb == "delivery")
        if self._bar is not None:
            words = f"{long_date(moment.at.date())}"
            self._bar.update(self._bar.task_ids[0], completed=(moment.at.date() - self._first).days, description=words)

    def _tell(self) -> None:
        if not self._quiet and self._bar is None and self._papers + self._mails:
            print(f"{self._month}  {self._papers:>4} handlingar  {self._mails:>5} mejl", flush=True)
        self._papers = self._mails = 0

    def finish(self) -> None:
        """Tells of the last month, and takes the bar away."""
        self._tell()
        if self._bar is not None:
            self._bar.stop()


def _bar(days: int) -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  # only where somebody is looking

    bar = Progress(BarColumn(), TextColumn("{task.description}"), transient=True)
    bar.add_task("", total=max(days, 1))
    bar.start()
    return bar


def _as_json(done: Sequence[Done]) -> None:
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for each in done:
        row = rows.setdefault(
            (each.municipality, each.verb),
            {"municipality": each.municipality, "verb": each.verb, "count": 0, "papers": 0, "mails": 0, "failed": 0},
        )
        for field, more in (("count", 1), ("papers", each.papers), ("mails", each.mails), ("failed", each.failed)):
            row[field] = int(str(row[field])) + int(more)
    render(Table(RUN_COLUMNS, list(rows.values())), "json", sys.stdout)


def summary(
    office: Office, done: Sequence[Done], laid: Mapping[str, int], until: date | None, refused: Sequence[str] = ()
) -> None:
    """What was made, sent and is owed; `refused` is told elsewhere, and so left out here."""
    for town in office.municipalities:
        print()
        print(f"{town.name}" + (f", till och med {long_date(until)}" if until else ""))
        mine = [each for each in done if each.municipality == town.id and each.what not in refused]
        for line in _made(mine, dry=office.dry_run or town.delivery.mail == "dry-run"):
            print(f"  {line}")
        owed = [*_unconfirmed(office, town), *owed_in_words(office, town)]
        print("  Väntar på någon:" + ("" if owed else " ingenting"))
        for line in owed[:12]:
            print(f"    - {line}")
        if len(owed) > 12:
            print(f"    … och {len(owed) - 12} till: kadens due --late")
        new = laid.get(town.id, 0)
        print(f"  Handlingar: {office.folder / town.id / 'handlingar'}" + (f" ({new} nya)" if new else ""))
        print(f"  Mejl:       {mail_folder(office, town)}")


def _made(done: Sequence[Done], *, dry: bool) -> list[str]:
    """What was planned, made and sent, in words; each failure once. A dry run says that nothing was sent."""
    papers = [
        count(made, *PAPER_WORDS[verb], neuter=False)
        for verb in PAPER_WORDS
        if (made := sum(each.papers for each in done if each.verb == verb))
    ]
    written = sum(each.mails for each in done if each.verb != "delivery")
    sent = sum(each.mails for each in done if each.verb == "delivery")
    plans = [f"{each.subject}: {each.what}." for each in done if each.verb == "plan"][:1]
    failures = [f"Gick inte: {each.subject}: {each.what}" for each in done if each.failed]
    lines = [*plans, *([f"Gjorde {listing(papers)}."] if papers else [])]
    if dry:
        held = f"{count(written, 'mejl', 'mejl')} skrevs och hålls inne för gott" if written else "inga mejl skrevs"
        lines.append(f"Provkörning, ingenting skickas: {held}.")
    elif sent:
        lines.append(f"Skickade {number(sent)} mejl.")
    if not papers and not sent + written and not failures and not plans:
        lines.insert(0, "Inget nytt: allt som skulle göras var redan gjort.")
    return [*lines, *dict.fromkeys(failures)]


def _unconfirmed(office: Office, town: Municipality) -> list[str]:
    """That meetings people are called to would change, and only do on confirmation."""
    waiting = [each for each in planned_changes(office, town) if each.called and each.change != "untouched"]
    if not waiting:
        return []
    what = count(len(waiting), "ändrat möte som är kallat", "ändrade möten som är kallade")
    return [f"{sentence(what)} väntar på bekräftelse: kadens plan, sedan kadens plan --confirm."]


# --- plan ------------------------------------------------------------------------------------------------------


def plan(arguments: Namespace) -> int:
    """Shows what the config would do to the stored meetings; --confirm does it, with the mails that follow."""
    given = settings(arguments)
    with opened(given) as office:
        lines = [line for town in office.municipalities for line in planned_changes(office, town)]
        changes = [line for line in lines if line.change != "untouched"]
        render(_plan_table(office, lines, changes, whole=arguments.format != "table"), arguments.format, sys.stdout)
        if not arguments.confirm:
            if changes and arguments.format == "table":
                print(_plan_words(lines))
            return 0
        for town in office.municipalities:
            for done in plan_meetings(office, town, confirm=True):
                said = f"{done.subject}: {done.what}; {count(done.mails, 'mejl', 'mejl')} i utkorgen"
                print(said, file=sys.stdout if arguments.format == "table" else sys.stderr)
    return 0


def _plan_words(lines: Sequence[PlanLine]) -> str:
    """How many of each change, and what it takes to carry them out."""
    kinds = [
        ("new", "nytt", "nya"),
        ("moved", "flyttas", "flyttas"),
        ("cancelled", "ställs in", "ställs in"),
        ("attendees", "får andra deltagare", "får andra deltagare"),
        ("untouched", "orört", "orörda"),
    ]
    counts = [
        f"{counted} {several if counted > 1 else one}"
        for kind, one, several in kinds
        if (counted := sum(each.change == kind for each in lines))
    ]
    called = [each for each in lines if each.called and each.change != "untouched"]
    if not called:
        return f"{sentence(listing(counts))}. Nästa kadens run genomför det."
    mails = count(sum(each.mails for each in called), "mejl", "mejl")
    which = count(len(called), "ändring gäller ett möte", "ändringar gäller möten", neuter=False)
    return (
        f"{sentence(listing(counts))}.\n{sentence(which)} som redan är kallade till och ger {mails}; de väntar på "
        "kadens plan --confirm. Resten genomför nästa kadens run."
    )


def _plan_table(office: Office, lines: Sequence[PlanLine], changes: Sequence[PlanLine], *, whole: bool) -> Table:
    towns = {town.id: town for town in office.municipalities}
    rows = [_plan_row(towns[each.municipality], each) for each in (lines if whole else changes)]
    return Table(
        for_towns(PLAN_COLUMNS, office.municipalities),
        rows,
        empty="Inget ändras: de lagda mötena stämmer med konfigurationen.",
    )


def _plan_row(town: Municipality, line: PlanLine) -> dict[str, object]:
    return {
        "change": line.change,
        "municipality": line.municipality,
        "body": line.body,
        "name": town.body_name(line.body),
        "slot": line.slot,
        "old": line.old,
        "new": line.new,
        "reason": line.reason,
        "called": line.called,
        "mails": line.mails,
    }


# --- record ----------------------------------------------------------------------------------------------------


def record(arguments: Namespace) -> int:
    """Takes in a record file: everything in it that has arrived by now."""
    given = settings(arguments)
    with opened(given) as office:
        incoming = _incoming(office, arguments.file)
        failed = taken = same = later = 0
        for town in office.municipalities:
            for each in incoming.get(town.id, ()):
                if each.moment > office.now:
                    later += 1
                    continue
                done = take_in(office, town, each)
                if done is None:
                    same += 1
                    continue
                failed += done.failed
                taken += not done.failed
                print(f"{done.subject}: {done.what}", file=sys.stderr if done.failed else sys.stdout)
        print(f"{taken} intagna, {same} redan kända" + (f", {later} ligger framåt i tiden" if later else "") + ".")
    return 2 if failed else 0
