"""The table of schedules, read without any server."""

from __future__ import annotations

from pathlib import Path

from flows import schedule
from governance.secretariat.sweep import VERBS


def _fields(cron: str) -> list[str]:
    return cron.split()


def test_every_verb_of_the_sweep_has_one_flow_and_no_flow_is_without_a_verb() -> None:
    assert sorted(row.flow.name for row in schedule.SCHEDULE) == sorted(verb.replace("_", "-") for verb in VERBS)


def test_no_schedule_fires_in_the_hours_when_the_clock_changes() -> None:
    hours = {row.flow.name: _fields(row.cron)[1] for row in schedule.SCHEDULE}
    assert {name for name, hour in hours.items() if hour.startswith(("*", "2", "3"))} == set()


def test_each_deployment_has_its_slug_its_zone_and_absolute_paths(tmp_path: Path) -> None:
    rows = schedule.deployments(Path("config.yaml"), "", tmp_path)
    slugs = [row.schedules[0].slug for row in rows]
    assert slugs == [row.flow.name for row in schedule.SCHEDULE]
    assert {row.schedules[0].schedule.timezone for row in rows} == {"Europe/Stockholm"}
    assert {row.parameters["config"] for row in rows} == {str(Path("config.yaml").resolve())}
    assert {row.entrypoint for row in rows} == {
        f"{row.flow.fn.__module__}.{row.flow.fn.__name__}" for row in schedule.SCHEDULE
    }


def test_a_flow_says_what_it_does_in_swedish_and_under_two_hundred_letters() -> None:
    assert {row.flow.name for row in schedule.SCHEDULE if not 10 < len(row.does) < 200} == set()
