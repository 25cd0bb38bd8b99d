"""Calls the meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.invitation import send_invitations


@flow(name="invitation", flow_run_name=run_name, persist_result=False)
def invitation(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Sends the calendar invitations that are due."""
    return sweep("invitation", send_invitations, config, database, folder, now)
