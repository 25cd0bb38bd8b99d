"""Reads the replies that came by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.mail_replies import read_replies


@flow(name="replies", flow_run_name=run_name, persist_result=False)
def replies(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Keeps replies to status questions for the secretary to read."""
    return sweep("replies", read_replies, config, database, folder, now)
