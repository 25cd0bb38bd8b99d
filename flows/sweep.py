"""What every flow does: open the office, one task for each municipality, a table of what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote

from governance.model.body import Municipality
from governance.secretariat.office import Done, Office, open_office

UseCase = Callable[[Office, Municipality], list[Done]]
MOST_ROWS = 2000  # of one run's table


@task(
    name="kommun",
    task_run_name="{verb} {municipality}",
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def take(verb: str, municipality: str, use_case: UseCase, office: Office) -> list[Done]:  # noqa: ARG001  # its run's name
    """One municipality's share of a verb. Running it again after a failure does only what is left."""
    town = next(each for each in office.municipalities if each.id == municipality)
    return use_case(office, town)


def sweep(verb: str, use_case: UseCase, config: str, database: str, folder: str, now: datetime | None) -> Any:
    """Does what is due for every municipality, each on its own, so that one's trouble never stops another's work.

    Returns the flow run's final state: failed where anything was left undone, so that the operator sees it.
    """
    moment = now or datetime.now(UTC)
    with open_office(Path(config), moment, database, Path(folder)) as office:
        # Quoted: Prefect would otherwise search the whole office for futures.
        work: tuple[Any, Any] = (quote(use_case), quote(office))
        futures = [take.submit(verb, town.id, *work) for town in office.municipalities]
        results = [future.result(raise_on_failure=False) for future in futures]
    done = [each for result in results if isinstance(result, list) for each in result]
    keep_table(verb, done)
    broken = sum(1 for result in results if not isinstance(result, list)) + sum(1 for each in done if each.failed)
    if broken:
        return Failed(message=f"{broken} av {len(done)} blev inte gjorda; se tabellen")
    return Completed(message=f"{len(done)} gjorda")


def run_name() -> str:
    """What a flow run is called: its flow and the local minute it works at, `agenda 2027-03-09 13.05`."""
    given = flow_run.parameters.get("now")
    moment = datetime.fromisoformat(str(given)) if given else datetime.now(UTC)
    return f"{flow_run.flow_name} {moment.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d %H.%M}"


def keep_table(verb: str, done: Sequence[Done]) -> None:
    """Leaves the run's table of what it did among Prefect's artifacts: ids and counts, no names or addresses."""
    rows = [{key: value for key, value in asdict(each).items() if value not in (0, False)} for each in done]
    create_table_artifact(
        key=f"kadens-{verb.replace('_', '-')}",
        table=rows[:MOST_ROWS],
        description=f"{verb}: {len(rows)} gjorda" + (f", de första {MOST_ROWS} visas" if len(rows) > MOST_ROWS else ""),
    )
