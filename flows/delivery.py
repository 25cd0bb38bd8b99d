"""Empties the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.delivery import deliver


@flow(name="delivery", flow_run_name=run_name, persist_result=False)
def delivery(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Sends what lies in the outbox."""
    return sweep("delivery", deliver, config, database, folder, now)
