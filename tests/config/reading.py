"""A small right configuration for tests to spoil, and the problem lines a text gives."""

from pathlib import Path
from textwrap import dedent

from governance.config.load import read_municipality

RIGHT = """\
municipality:
  name: Exempelkommun
  contact: {name: Samordnaren, email: trygghet@exempel.example}
organisations:
  kommunen: {name: Exempelkommun, type: municipality}
  polisen: {name: Polisen, type: police}
people:
  anna.lind: {name: Anna Lind, email: anna.lind@exempel.example, organisation: kommunen}
  per.berg: {name: Per Berg, email: per.berg@polisen.example, organisation: polisen}
bodies:
  styrgrupp:
    name: Styrgruppen
    tier: steering
    rhythm: {every: month, on: first tuesday, at: "09:00-10:00"}
    seats:
      - {role: chair, held_by: anna.lind}
      - {role: member, held_by: per.berg}
"""
NOWHERE = Path("/nowhere")


def problems(text, folder=NOWHERE):
    """Every problem line of a configuration text (or bytes), as `kadens check` prints them."""
    raw = text if isinstance(text, bytes) else dedent(text).encode()
    return [str(problem) for problem in sorted(read_municipality(raw, "config.yaml", folder)[1])]


def spoiled(old, new):
    """The problem lines of the right configuration with one piece of text changed."""
    assert RIGHT.count(old) == 1
    return problems(RIGHT.replace(old, new))


def with_lines(more):
    """The problem lines of the right configuration with more lines after it."""
    return problems(RIGHT + dedent(more))


def made(text=RIGHT):
    """The municipality of a text that has no errors."""
    municipality, found = read_municipality(text.encode(), "config.yaml", NOWHERE)
    assert municipality is not None, [str(problem) for problem in found]
    return municipality
