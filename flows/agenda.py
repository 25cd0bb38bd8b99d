"""Makes the agendas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow

from flows.sweep import run_name, sweep
from governance.secretariat.agenda import make_agendas


@flow(name="agenda", flow_run_name=run_name, persist_result=False)
def agenda(config: str, database: str = "", folder: str = "kadens-data", now: datetime | None = None) -> Any:
    """Makes and sends the agendas that are due."""
    return sweep("agenda", make_agendas, config, database, folder, now)
