"""Cooperation agreements (9 §): parties, purposes, areas, and a validity apart from any rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CooperationAgreement:
    """A written agreement; `valid_from` and `valid_until` are inclusive. 9 § asks for purposes and areas."""

    id: str
    title: str
    parties: tuple[str, ...]
    valid_from: date
    valid_until: date
    purposes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    succeeds: tuple[str, ...] = ()
    signed: date | None = None
    case_number: str = ""
    plan_every: str = ""  # "year" where a yearly operational plan details it
    plan_decided_by: str = ""
