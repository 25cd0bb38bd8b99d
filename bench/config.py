"""A configuration of 85 bodies read and checked in a cold process, beside what only importing and parsing costs.

    python -m bench.config

The limit is a process that imports yaml and pydantic (a BaseModel, since `import pydantic` alone loads nothing) and
parses the same file with YAML's fastest loader, checking nothing. Each figure is the best of several processes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

BODIES, PEOPLE, ROUNDS = 85, 170, 7
TIERS = ("operational", "preparatory", "council", "steering", "area")
RHYTHMS = (
    '{every: week, on: tuesday, at: "09:00-10:00"}',
    '{every: month, on: first thursday, except: [july], at: "13:00-15:00"}',
    '{every: quarter, on: second wednesday of second month, at: "09:00-11:30"}',
    '{in: [march, october], on: third thursday, at: "13:00-15:00"}',
    '{times: 3, per: semester, on: monday, at: "09:00"}',
)
SEATS = ("chair", "secretary", "member", "member", "member", "standing-co-opted")
CHECK = "import sys; from pathlib import Path; from governance.config import load; r = load(Path(sys.argv[1])); "
OURS = CHECK + "assert len(r.municipalities[0].bodies) == 85, r.problems"
LIMIT = (
    "import sys, yaml, pydantic; from pydantic import BaseModel; "
    "yaml.load(open(sys.argv[1], encoding='utf-8'), Loader=yaml.CSafeLoader)"
)


def generated() -> str:
    """A right configuration of 85 bodies with six seats, six agenda items, lead times and changes each."""
    lines = [
        "municipality:",
        "  name: Storstads kommun",
        "  contact: {name: Samordnaren, email: trygghet@storstad.example}",
        "organisations:",
        "  kommunen: {name: Storstads kommun, type: municipality}",
        "  polisen: {name: Polismyndigheten, type: police}",
        "people:",
    ]
    for n in range(PEOPLE):
        place = "polisen" if n % 5 == 0 else "kommunen"
        lines.append(
            f"  person.{n}: {{name: Person {n}, email: p{n}@storstad.example, organisation: {place}, title: T{n}}}"
        )
    lines.append("bodies:")
    for n in range(BODIES):
        lines += [
            f"  organ-{n}:",
            f"    name: Organ {n}",
            f"    tier: {TIERS[n % len(TIERS)]}",
            f"    formality: {'regulated' if n % 3 else 'informal'}",
            f"    rhythm: {RHYTHMS[n % len(RHYTHMS)]}",
            "    place: Stadshuset",
            "    mandate: Ansvarar för samverkan, uppföljning och planering i sitt område.",
            (
                "    lead_times: {invitation: 8 weeks, status_request: 10 working days, status_close: 5 working days, "
                "agenda: 4 working days, minutes: 4 working days}"
            ),
            "    asks: [Läget i verksamheten, Åtgärder i planen, Behov av samverkan]",
            *([f"    reports_to: organ-{n - 1}"] if n else []),
            "    seats:",
            *(f"      - {{role: {role}, held_by: person.{(n * 2 + k) % PEOPLE}}}" for k, role in enumerate(SEATS)),
            "    agenda:",
            *(
                f"      - {{title: Punkt {k}, kind: decision, proposal: Organet godkänner., time: 10 min}}"
                for k in range(6)
            ),
        ]
    return "\n".join(lines) + "\n"


def cold(code: str, file: Path) -> float:
    """Seconds for the fastest of several new processes that run the code on the file."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, str(file)], check=True)
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    """Prints the figures and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.yaml"
        file.write_text(generated(), encoding="utf-8")
        limit, ours = cold(LIMIT, file), cold(OURS, file)
        print(f"config: {BODIES} bodies, {file.stat().st_size // 1024} kB, cold process")
        print(f"  read, checked, built   {ours * 1000:6.0f} ms")
        print(f"  imported and parsed    {limit * 1000:6.0f} ms  (limit)")
        print(f"  ratio                  {ours / limit:6.2f}")


if __name__ == "__main__":
    main()
