"""An argument parser that speaks Swedish and says what to write instead."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from typing import Any, NoReturn

WIDTH = 100  # columns; help texts are the same on every screen that is wide enough


class SwedishHelp(argparse.HelpFormatter):
    """The layout of --help."""

    def __init__(self, prog: str) -> None:
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns - 2) if sys.stdout.isatty() else WIDTH
        super().__init__(prog, max_help_position=26, width=width)

    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """Begins with the Swedish word."""
        super().add_usage(usage, actions, groups, "Användning: " if prefix is None else prefix)


class SwedishParser(argparse.ArgumentParser):
    """A parser without abbreviations, with -h and --help in Swedish, that ends with status 2 on wrong use."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", SwedishHelp)
        super().__init__(add_help=False, allow_abbrev=False, **settings)
        self.color = False  # Python 3.14 would colour the Swedish words by guess
        self.given = self.add_argument_group("Argument")
        self.own = self.add_argument_group("Val")
        self.own.add_argument("-h", "--help", action="help", help="visar den här hjälpen")

    def error(self, message: str) -> NoReturn:
        """Says what is wrong on standard error and leaves with status 2."""
        program = self.prog.split(" ")[0]
        self.exit(2, f"{program}: {_swedish(message)}\nHjälp: {self.prog} --help\n")


def _choice(match: re.Match[str]) -> str:
    name, wrong, listed = match["name"], match["wrong"], match["listed"]
    right = re.findall(r"[^\s,']+", listed)
    near = get_close_matches(wrong, right, n=1)
    what = "inget verb" if name == "VERB" else f"inget värde för {name}"
    several = f"välj {', '.join(right[:-1])} eller {right[-1]}" if len(right) > 1 else f"skriv {right[0]}"
    hint = f'; menade du "{near[0]}"?' if near else f"; {several}"
    return f'"{wrong}" är {what}{hint}'


_SAID: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"argument (?P<name>.+?): invalid choice: '(?P<wrong>.*)' \(choose from (?P<listed>.*)\)", _choice),
    (r"the following arguments are required: (.+)", r"\1 saknas"),
    (r"unrecognized arguments: (.+)", r"okänt: \1"),
    (r"argument (.+?): expected (?:one argument|at least one argument)", r"\1 ska följas av ett värde"),
    (r"argument (.+?): ignored explicit argument '(.*)'", r"\1 tar inget värde (\2)"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 går inte ihop med \2"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)


def _swedish(message: str) -> str:
    for pattern, said in _SAID:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return match.expand(said) if isinstance(said, str) else said(match)
    return message


def day(text: str) -> date:
    """`2027-02-11`, as the type of an argument."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise argparse.ArgumentTypeError(f'"{text}" är inget datum; skriv år-månad-dag, till exempel 2027-02-11')
    return found


def year(text: str) -> int:
    """`2027`, as the type of an argument."""
    if not re.fullmatch(r"\d{4}", text) or not 1900 <= int(text) <= 2200:
        raise argparse.ArgumentTypeError(f'"{text}" är inget år; skriv till exempel 2027')
    return int(text)


def port(text: str) -> int:
    """`8000`, as the type of an argument."""
    if not re.fullmatch(r"\d{1,5}", text) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" är ingen port; skriv ett heltal från 1 till 65535')
    return int(text)
