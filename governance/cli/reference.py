"""docs/reference/command.md, made from the parser itself: `python -m governance.cli.reference`."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from governance.cli.archive_verbs import ACTION_COLUMNS, DUE_COLUMNS, DUTY_COLUMNS, PAPER_COLUMNS
from governance.cli.arguments import VERBS, build_parser
from governance.cli.config_verbs import EXPLAIN_COLUMNS, PROBLEM_COLUMNS
from governance.cli.run_verbs import PLAN_COLUMNS, RUN_COLUMNS
from governance.cli.year_verb import year_columns
from governance.listing import Column

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "command.md"

# The fields of the verbs' JSON and CSV. A field keeps its name and meaning; new ones may be added at the end.
FIELDS: dict[str, Sequence[Column]] = {
    "check": PROBLEM_COLUMNS,
    "explain": EXPLAIN_COLUMNS,
    "year": year_columns(True),
    "plan": PLAN_COLUMNS,
    "run": RUN_COLUMNS,
    "due": DUE_COLUMNS,
    "papers": PAPER_COLUMNS,
    "actions": ACTION_COLUMNS,
    "duties": DUTY_COLUMNS,
}

# What the words in the fields mean, where the name does not say it.
MEANINGS: dict[str, str] = {
    "year": "`status`: planned, cancelled, or skipped (a recess or a clash; `reason` says which).",
    "plan": "`change`: new, moved, cancelled, attendees or untouched. `called`: people are invited, so that the change "
    "waits for `--confirm`. `mails`: how many would then leave.",
    "run": "A row for each municipality and verb that did something, `[]` where nothing was due. `count`: things done. "
    "`mails`: written; in the row of `delivery`, sent. `failed`: how many of `count` did not succeed.",
    "due": "`body`: an organ, a product or `two-year-follow-up`. `kind`: a step (invitation, status_request, agenda, "
    "minutes …), or what only a person can do: record, approve, answer, mail (it did not arrive), duty. `state`: done, "
    "lapsed, late, due or coming.",
    "actions": "`status`: not-started, in-progress, done or dropped. `age`: in meetings.",
    "duties": "`state`: shown, due, late, not-shown or always.",
}

_INTRODUCTION = """\
# The command

<!-- Made by `python -m governance.cli.reference` from the command's own help. Change the help, not this page. -->

`kadens [options] VERB [options]`. The shared options may stand before or after the verb.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | findings: errors of `check`, and duties of `duties` that are late or have no carrier |
| 2 | wrong use, input that cannot be read, or a database or disk that refuses |
| 130 | stopped with Ctrl-C |
| 141 | the program that read the output has ended |

Errors go to standard error. JSON and CSV have the field names below, with dates and times as ISO 8601. What is
piped is UTF-8.

| variable | stands in for |
| --- | --- |
| `KADENS_CONFIG` | `--config` |
| `KADENS_DATABASE` | `--database` |
| `KADENS_DATA` | `--data` |

| variable | what it holds |
| --- | --- |
| `KADENS_SMTP_USER`, `KADENS_SMTP_PASSWORD` | for the mail server |
| `KADENS_OIDC_SECRET` | for the municipality's own sign-in |
| `KADENS_SECRET` | what signed links are made with; otherwise a file among the data that its owner alone can read |
| `KADENS_BASE_URL` | where the pages are, for a municipality without `base_url`; otherwise where `serve` serves them |
"""


def page() -> str:
    """The page as it should be."""
    return "\n".join([_INTRODUCTION, *_sections()])


def _sections() -> Iterator[str]:
    yield _block("kadens")
    for verb in VERBS:
        yield _block("kadens", verb.name)
        if verb.name == "papers":
            yield _block("kadens", "papers", "open")
        if verb.name in FIELDS:
            fields = (f"`{column.field}`" for column in FIELDS[verb.name] if not column.only_in_table)
            meaning = MEANINGS.get(verb.name)
            yield f"Fields: {', '.join(fields)}.{f' {meaning}' if meaning else ''}\n"


def _block(*words: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        build_parser().parse_args([*words[1:], "--help"])
    heading = "" if len(words) == 1 else f"## {' '.join(words)}\n\n"
    return f"{heading}```text\n{said.getvalue().rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"Skrev {PAGE}", file=sys.stderr)
