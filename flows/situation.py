"""Makes the weekly situation pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.situation import make_situation_pictures


@flow(name="situation", flow_run_name=run_name, persist_result=False)
def situation(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Makes and sends the weekly situation pictures that are due."""
    return sweep("situation", make_situation_pictures, config, database, folder, now)
