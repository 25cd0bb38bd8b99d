"""Keeps what the config said over time, so that the yearly follow-up can tell what changed in the governance."""

from __future__ import annotations

from datetime import date, datetime, time
from hashlib import sha256
from json import dumps

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.governance import governance_diff, governance_facts
from governance.papers.rhythms import rhythm_sentence
from governance.papers.swedish import short_date
from governance.secretariat.office import Office
from governance.store import queries
from governance.store.tables import GovernanceVersion


def note_governance(session: Session, office: Office, municipality: Municipality) -> None:
    """Keeps the config's facts where they differ from those last kept."""
    facts = governance_facts(municipality, describe=lambda cadence: rhythm_sentence(cadence, municipality))
    fingerprint = sha256(dumps(facts, sort_keys=True).encode()).hexdigest()
    latest = queries.latest_governance(session, municipality.id)
    if latest is None or (latest.fingerprint != fingerprint and latest.adopted <= office.now):
        session.add(
            GovernanceVersion(municipality=municipality.id, fingerprint=fingerprint, facts=facts, adopted=office.now)
        )


def governance_changes(session: Session, municipality: Municipality, first: date, last: date) -> list[str]:
    """What changed in the governance over a period, as Swedish sentences."""
    zone = municipality.timezone
    before = queries.governance_on(session, municipality.id, datetime.combine(first, time.min, zone))
    after = queries.governance_on(session, municipality.id, datetime.combine(last, time.max, zone))
    if before is None or after is None:
        return []
    changes = governance_diff(before.facts, after.facts)
    known_from = before.adopted.astimezone(zone).date()
    if known_from > first:
        since = short_date(known_from)
        if known_from > last:
            return [f"Ändringar under perioden är inte antecknade: uppgifterna började föras den {since}"]
        if not changes:
            return [f"Inga ändringar är antecknade sedan den {since}, då uppgifterna började föras"]
        changes.append(f"Ändringar före den {since} är inte antecknade")
    return changes
