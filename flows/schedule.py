"""The one table: which flow runs when, and `serve`, which runs them until it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.agenda import agenda
from flows.delivery import delivery
from flows.engine import EngineProblem
from flows.follow_up import follow_up
from flows.invitation import invitation
from flows.meetings import plan
from flows.minutes import minutes
from flows.replies import replies
from flows.situation import situation
from flows.status import status

ZONE = "Europe/Stockholm"
SILENT = timedelta(seconds=540)  # three heartbeats


@dataclass(frozen=True, slots=True)
class Row:
    """A flow and its rhythm: a cron line in local time, never between two and three at night (the clock's change)."""

    flow: Flow[..., Any]
    cron: str
    does: str


SCHEDULE: tuple[Row, ...] = (
    Row(replies, "2,17,32,47 6-19 * * *", "Läser svar som kommit med mejl."),
    Row(plan, "0 6 * * *", "Lägger in nya och flyttade möten 18 månader framåt."),
    Row(situation, "10 9-18 * * 1-5", "Gör veckolägesbilder efter mötet."),
    Row(minutes, "*/10 7-18 * * *", "Gör anteckningar och protokoll och påminner om justering."),
    Row(follow_up, "5 8,10 * * *", "Gör uppföljningar och påminner om lagens frister."),
    Row(status, "5 8 * * *", "Frågar om läget före mötena och påminner."),
    Row(agenda, "5,35 7-17 * * *", "Gör dagordningar när svaren är inne."),
    Row(invitation, "5 8 * * *", "Kallar till möten."),
    Row(delivery, "*/10 6-19 * * *", "Skickar det som ligger i utkorgen."),
)


def deployments(config: Path, database: str, folder: Path) -> list[Any]:
    """One deployment for each row. Slugs keep a schedule's identity over restarts, so that none fires twice."""
    parameters: Mapping[str, Any] = {
        "config": str(config.resolve()),
        "database": database,
        "folder": str(folder.resolve()),
    }
    return [
        row.flow.to_deployment(
            name="kadens",
            description=row.does,
            schedules=[Cron(row.cron, timezone=ZONE, slug=row.flow.name)],
            parameters=dict(parameters),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for row in SCHEDULE
    ]


def serve_schedules(config: Path, database: str, folder: Path, alive: Callable[[], bool]) -> None:
    """Runs the schedules until stopped or until the server is no longer `alive`, which raises EngineProblem.

    At most two runs at once, and a stop leaves the schedules active: what they miss is done at the next start.
    """
    runner = Runner(name="kadens", limit=2, query_seconds=2, pause_on_shutdown=False)
    asyncio.run(_serve(runner, deployments(config, database, folder), alive))


async def _serve(runner: Runner, rows: Sequence[Any], alive: Callable[[], bool]) -> None:
    for row in rows:
        await runner.aadd_deployment(row)
    await _end_dead_runs()
    running = asyncio.create_task(runner.start())
    stopped = asyncio.Event()
    stop = asyncio.create_task(stopped.wait())
    await asyncio.sleep(0)  # the runner takes SIGTERM for itself first; its own handler forgets to await
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    try:
        while not running.done() and not stopped.is_set():
            await asyncio.wait([running, stop], timeout=1, return_when="FIRST_COMPLETED")
            if not alive():
                raise EngineProblem("Prefects server har stannat. Starta om kadens serve.")
    finally:
        running.cancel()
        stop.cancel()
        await asyncio.gather(running, stop, return_exceptions=True)


async def _end_dead_runs() -> None:
    """Once in each Prefect database: a run whose heart has stopped is marked as crashed instead of running for ever.

    What it left undone needs no rescue: the next run takes everything that is due.
    """
    name = "kadens: en körning som dött räknas som avbruten"
    try:
        await Automation.aread(name=name)
    except ValueError:
        beat, ends = "prefect.flow-run.heartbeat", ("Completed", "Failed", "Cancelled", "Crashed")
        silence = EventTrigger(
            after={beat},
            expect={beat, *(f"prefect.flow-run.{state}" for state in ends)},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT,
        )
        crash = ChangeFlowRunState(
            name=None, force=False, state=StateType.CRASHED, message="Körningen slutade höra av sig."
        )
        await Automation(name=name, trigger=silence, actions=[crash]).acreate()
