"""The `kadens` command. A verb's code is imported when the verb is used, so that --help answers at once.

Exit status: 0 done, 1 findings of `check` and `duties`, 2 wrong use, unreadable input, or a refused database or disk;
130 after Ctrl-C and 141 where the reader of a pipe has left, as shells expect.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module

from governance import disk
from governance.cli.arguments import Namespace, UsageProblem, Verb, build_parser

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status; never raises for what a user can do wrong."""
    _set_streams()
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as leaving:  # argparse has said what it has to say
        return leaving.code if isinstance(leaving.code, int) else 2
    try:
        status = _run(arguments.verb, arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _close_quietly()
        return 141
    except Exception as error:  # noqa: BLE001  # the last line of defence: a user is never shown a traceback unasked
        if arguments.verbose:
            traceback.print_exc()
        print(f"kadens: {_plainly(error)}", file=sys.stderr)
        return 2
    return status


def _run(verb: Verb, arguments: Namespace) -> int:
    if verb.needs_flows:
        from governance.cli.installed import refuse_foreign_flows  # noqa: PLC0415

        refuse_foreign_flows()
    module, _, function = verb.run.partition(":")
    run: Callable[[Namespace], int] = getattr(import_module(module), function)
    return run(arguments)


def _plainly(error: Exception) -> str:
    """What went wrong, in Swedish. What this house raises for users is called a Problem and says it itself."""
    kind = type(error)
    if isinstance(error, UsageProblem) or (
        kind.__module__.startswith("governance.") and kind.__name__.endswith("Problem")
    ):
        return str(error)
    if isinstance(error, OSError):
        said = disk.reason(error)
        return f"{error.filename}: {said}" if error.filename else said
    if kind.__module__ == "sqlalchemy.exc":
        return f"databasen sade nej: {getattr(error, 'orig', None) or error}"
    unexpected = f"något oväntat hände ({kind.__name__}: {error})"
    return f"{unexpected}; kör igen med --verbose och visa texten för den som sköter kadens"


def _set_streams() -> None:
    """What is piped is UTF-8 everywhere; a terminal that lacks a letter shows a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _close_quietly() -> None:
    """Points standard output at nothing, so that closing it at exit fails no second time."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
