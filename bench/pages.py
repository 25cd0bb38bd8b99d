"""Requests a second of the overview with four years of data, beside a bare page that asks the same of the same archive.

    python -m bench.pages

The municipality is config.yaml with its four bodies and the board they report to: 2027 to 2030 as its rhythms place
them, every meeting with its steps, questions, minutes, decisions and actions, seen in May 2030. The peer is a Starlette
page that looks up the same session, asks the same four questions and writes the rows out, nothing more. Both stand in
a process of their own with one uvicorn worker and are asked in turn over open connections.
"""

from __future__ import annotations

import asyncio
import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from sqlalchemy import event, insert
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from governance.model.body import Municipality
from governance.model.occurrence import Occurrence
from governance.model.placement import place_all
from governance.secretariat import overview
from governance.secretariat.door import begin_session, signed_in
from governance.secretariat.office import Office, open_office
from governance.store.tables import (
    Action,
    Base,
    DecisionRow,
    DutyEvidence,
    Item,
    MeetingRecord,
    Occasion,
    StatusRequest,
    Step,
)
from governance.web.app import build_app
from governance.web.guard import COOKIE
from governance.web.hall import Hall

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2030, 5, 20, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
FIRST, LAST = date(2027, 1, 1), date(2030, 12, 31)
WHO = "mats.oberg"
CLIENTS, SECONDS, ROUNDS = 8, 2.0, 3
SHARE, HEAVIEST, QUESTIONS = 0.5, 60_000, 6  # of the bare page's requests; bytes; statements a page


@contextmanager
def _office(folder: Path) -> Iterator[Office]:
    with open_office(ROOT / "config.yaml", NOW, folder=folder) as office:
        yield office


# --- four years of data --------------------------------------------------------------------------------------------


def fill(office: Office) -> dict[str, int]:
    """Writes four years into an empty archive; how many rows of what."""
    town = office.municipalities[0]
    rows: dict[type[Base], list[dict[str, Any]]] = {
        each: [] for each in (Occasion, Step, StatusRequest, Item, MeetingRecord, DecisionRow, Action, DutyEvidence)
    }
    placed = place_all(town, FIRST, LAST)
    meetings = [(body, each) for body, found in placed.items() for each in found if each.status == "planned"]
    meetings.sort(key=lambda pair: (pair[1].date, pair[1].start))
    for number, (body, meeting) in enumerate(meetings, start=1):
        _meeting(town, number, body, meeting, rows)
    for year in (2027, 2029):
        evidence = {"municipality": town.id, "duty": "situation-picture", "done": date(year, 6, 7), "area": ""}
        rows[DutyEvidence].append({**evidence, "body": "kommunstyrelsen", "decision": "§ 86", "text": ""})
    with office.archive.write() as session:
        for table, found in rows.items():
            session.execute(insert(table), found)
    return {table.__tablename__: len(found) for table, found in rows.items()}


def _meeting(
    town: Municipality, number: int, body: str, meeting: Occurrence, rows: Mapping[type[Base], list[dict[str, Any]]]
) -> None:
    """A meeting: convened a month ahead, held and recorded when its day has passed."""
    own = not town.bodies[body].external
    start = datetime.combine(meeting.date, meeting.start, town.timezone)
    past = start < NOW
    state = "planned" if not own or start > NOW + timedelta(days=30) else "closed" if past else "convened"
    rows[Occasion].append(
        {"id": number, "municipality": town.id, "kind": "meeting", "key": body, "slot": meeting.slot,
         "day": meeting.date, "starts": meeting.start, "ends": meeting.end, "status": state, "reason": "",
         "uid": f"{number}@bench", "sequence": 0}
    )  # fmt: skip
    if not own:
        return
    for kind, days in {"invitation": -42, "status_request": -6, "agenda": -1, "situation": 0, "minutes": 2}.items():
        due = start + timedelta(days=days)
        rows[Step].append({"occasion_id": number, "kind": kind, "due": due, "done": due if due < NOW else None})
    if start - NOW < timedelta(days=8):
        for nth, person in enumerate(town.bodies[body].members_on(meeting.date)):
            asked = {"occasion_id": number, "person": person, "asked": start - timedelta(days=6), "closes": start}
            rows[StatusRequest].append({**asked, "answered": None if nth % 3 == 0 else start - timedelta(days=2)})
    if past:
        _minutes(town, number, body, meeting, rows)


def _minutes(
    town: Municipality, number: int, body: str, meeting: Occurrence, rows: Mapping[type[Base], list[dict[str, Any]]]
) -> None:
    rows[MeetingRecord].append(
        {"occasion_id": number, "recorded": NOW, "ahead": [], "to_parent": [], "approvers": [], "approved_by": []}
    )
    people = sorted(town.people)
    for place, title in enumerate(("Öppnande", "Uppföljning av åtgärder", "Lägesbild", "Beslut", "Nästa möte"), 1):
        item = len(rows[Item]) + 1
        rows[Item].append(
            {"id": item, "occasion_id": number, "number": place, "title": title, "kind": "discussion",
             "recused": [], "account": "Gruppen gick igenom veckans händelser och vad som behöver göras."}
        )  # fmt: skip
        if place in {2, 4}:
            rows[DecisionRow].append(
                {"municipality": town.id, "occasion_id": number, "item_id": item, "position": 1, "body": body,
                 "number": f"§ {place}", "title": title, "text": "Enligt förslag.", "decided": meeting.date}
            )  # fmt: skip
            sequence = len(rows[Action]) + 1
            late = sequence % 41 == 0
            rows[Action].append(
                {"municipality": town.id, "year": meeting.date.year, "sequence": sequence, "body": body,
                 "number": f"Å-{meeting.date.year}-{sequence:03d}", "occasion_id": number, "item_id": item,
                 "made": meeting.date, "text": f"Laga belysningen i gångtunneln, plats {sequence}",
                 "owner": people[sequence % len(people)], "due": meeting.date + timedelta(days=30),
                 "status": "in-progress" if late else "done", "closed": None if late else meeting.date}
            )  # fmt: skip


# --- the two pages -------------------------------------------------------------------------------------------------


def ours(office: Office) -> Starlette:
    """The pages as `kadens serve` has them."""
    folder = office.folder
    return build_app(Hall(ROOT / "config.yaml", office.archive, office.templates, lambda: NOW, folder, b"of the bench"))


def bare(office: Office) -> Starlette:
    """A page that looks up the session, asks the overview's questions and writes the rows out."""
    town = office.municipalities[0]
    who = overview.viewer(town, WHO, NOW)

    def page(request: Request) -> HTMLResponse:
        with office.archive.read() as session:
            if signed_in(session, request.cookies.get(COOKIE[False], ""), NOW) is None:
                return HTMLResponse("", 403)
            found = overview.ask(session.connection(), who, NOW.year)
        lines = [f"<li>{row.day} {row.key} {row.status}" for row in found.meetings]
        lines += [f"<li>{row.what} {row.key} {row.day}" for row in found.waiting]
        lines += [f"<li>{row.number} {row.text}" for row in found.actions]
        lines += [f"<li>{row.duty} {row.done}" for row in found.evidence]
        return HTMLResponse("\n".join(lines))

    return Starlette(routes=[Route("/{town}", page)])


def serve(kind: str, folder: Path, port: int) -> None:
    """One of the two with one uvicorn worker, until it is ended."""
    with _office(folder) as office:
        app = {"ours": ours, "bare": bare}[kind](office)
        uvicorn.run(app, port=port, log_level="warning", access_log=False, ws="none")


# --- the measuring -------------------------------------------------------------------------------------------------


@contextmanager
def _served(kind: str, folder: Path, port: int) -> Iterator[int]:
    line = [sys.executable, "-m", "bench.pages", kind, str(folder), str(port)]
    with subprocess.Popen(line, cwd=ROOT) as process:
        try:
            for _ in range(200):
                try:
                    http.client.HTTPConnection("127.0.0.1", port).connect()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()


def _load(port: int, path: str, cookie: str) -> tuple[float, float]:
    """Requests a second of several clients, and the median milliseconds of one answer."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while (begun := time.perf_counter()) < until:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the page answered {answer.status}")
            taken.append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / SECONDS, statistics.median(taken) * 1000


async def _fetch(app: Starlette, path: str, cookie: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers={"Cookie": cookie}) as client:
        return await client.get(path)


def _weighed(office: Office, path: str, cookie: str) -> tuple[int, int]:
    """Bytes and questions of one overview."""
    asked: list[object] = []
    event.listen(office.archive.engine, "before_cursor_execute", lambda *_: asked.append(_))
    answer = asyncio.run(_fetch(ours(office), path, cookie))
    if answer.status_code != 200:
        raise RuntimeError(f"the overview answered {answer.status_code}")
    return len(answer.content), len(asked)


def main() -> None:
    """Prints the table, and whether what was promised is kept."""
    best: dict[str, tuple[float, float]] = {"ours": (0.0, 0.0), "bare": (0.0, 0.0)}
    with tempfile.TemporaryDirectory(prefix="kadens-bench-") as temporary:
        folder = Path(temporary)
        with _office(folder) as office:
            rows = fill(office)
            town = office.municipalities[0]
            cookie = f"{COOKIE[False]}={begin_session(office, town.people[WHO].email, 'mail-link')}"
            path = f"/{town.id}"
            weight, questions = _weighed(office, path, cookie)
        with _served("ours", folder, 8790) as one, _served("bare", folder, 8791) as other:
            for _ in range(ROUNDS):  # in turn, so that a busy moment hits both
                for kind, port in (("ours", one), ("bare", other)):
                    best[kind] = max(best[kind], _load(port, path, cookie))
    ratio = best["ours"][0] / best["bare"][0]
    print(f"Four years: {_listed(rows)}")
    print(f"{'page, one worker, ' + str(CLIENTS) + ' clients':44}{'requests/s':>12}{'median':>10}")
    for kind, name in (("ours", "the overview, with its wheel"), ("bare", "peer: bare Starlette, the same questions")):
        print(f"{name:44}{best[kind][0]:>12,.0f}{best[kind][1]:>7.1f} ms")
    print(f"{'the overview / the peer':44}{ratio:>12.2f}      (at least {SHARE:g})")
    print(f"{'its weight, uncompressed':44}{weight / 1000:>9.1f} kB      (under {HEAVIEST / 1000:g} kB)")
    print(f"{'its questions to the archive':44}{questions:>12}      (at most {QUESTIONS})")
    kept = ratio >= SHARE and weight < HEAVIEST and questions <= QUESTIONS
    print("All promises are kept." if kept else "A promise is NOT kept; on a busy machine, measure again.")


def _listed(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in rows.items())


if __name__ == "__main__":
    arguments: Sequence[str] = sys.argv[1:]
    if arguments:
        serve(arguments[0], Path(arguments[1]), int(arguments[2]))
    else:
        main()
