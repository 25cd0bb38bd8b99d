"""`kadens run`: one flow run that does what is due now, or walks the clock on through the same functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from prefect import flow

from flows.sweep import keep_table
from governance.secretariat.office import Done, Office
from governance.secretariat.record import Incoming
from governance.secretariat.sweep import Moment, walk


def run(
    office: Office,
    until: date | None,
    incoming: Mapping[str, Sequence[Incoming]],
    tell: Callable[[Moment], None],
) -> list[Done]:
    """Walks from the office's moment to the end of `until` in one flow run; `tell` hears of each moment.

    The flow takes the day alone as its parameter: what it works with is opened here and never leaves the process.
    """

    @flow(name="run", flow_run_name="run {until}", persist_result=False)
    def run_until(until: date | None) -> int:
        for moment in walk(office, until, incoming):
            done.extend(moment.done)
            tell(moment)
        keep_table("run", done)
        return len(done)

    done: list[Done] = []
    run_until(until)
    return done
