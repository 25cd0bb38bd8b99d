"""Makes the minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.minutes import make_minutes


@flow(name="minutes", flow_run_name=run_name, persist_result=False)
def minutes(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Makes and sends the minutes that are due, and reminds of late approvals."""
    return sweep("minutes", make_minutes, config, database, folder, now)
