"""Runs the follow-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.follow_up import make_follow_ups


@flow(name="follow-up", flow_run_name=run_name, persist_result=False)
def follow_up(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Makes the yearly and the two-year follow-ups that are due, and reminds of them months ahead."""
    return sweep("follow_up", make_follow_ups, config, database, folder, now)
