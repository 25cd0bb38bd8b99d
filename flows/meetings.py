"""Keeps the meetings planned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.meetings import plan_meetings


@flow(name="plan", flow_run_name=run_name, persist_result=False)
def plan(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Places every rhythm 18 months ahead and stores what is new or moved."""
    return sweep("plan", plan_meetings, config, database, folder, now)
