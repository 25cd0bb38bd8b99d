"""Collects status."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.status import send_status_requests


@flow(name="status", flow_run_name=run_name, persist_result=False)
def status(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Asks members before each meeting, and reminds those who have not answered."""
    return sweep("status", send_status_requests, config, database, folder, now)
