"""Papers a second: ours beside python-docx, docx writing by hand with it, and the bare zipping of the same bytes.

    python -m bench.papers

Ours opens nothing, fills the compiled template, keeps rows and headings together, checks every rule for readers and
packs the file. python-docx is timed twice: opening and saving the finished paper, and writing the same paragraphs and
tables into the same letterhead. The limit is zipfile deflating the same parts. Rounds are interleaved; medians.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import docx
from docx.table import Table

from governance.papers.accessibility import check_docx
from governance.papers.templates import Templates
from tests.papers import samples

FOLDER = Path(__file__).parents[1] / "templates"
ROUNDS = 40
SLOW_ROUNDS = 8


def _open_and_save(data: bytes) -> None:
    docx.Document(io.BytesIO(data)).save(io.BytesIO())


def _by_hand(blocks: list[tuple[str, str] | list[list[str]]]) -> None:
    document = docx.Document(str(FOLDER / "letterhead.docx"))
    for block in blocks:
        if isinstance(block, tuple):
            document.add_paragraph(block[1], style=block[0])
            continue
        table = document.add_table(rows=len(block), cols=len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(io.BytesIO())


def _blocks(data: bytes) -> list[tuple[str, str] | list[list[str]]]:
    out: list[tuple[str, str] | list[list[str]]] = []
    for block in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            out.append([[cell.text for cell in row.cells] for row in block.rows])
        else:
            out.append((str(block.style.name), block.text))
    return out


def _zip(parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _milliseconds(runs: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """The median of each, a round of one after a round of the other."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(max(rounds for _, rounds in runs.values())):
        for name, (run, rounds) in runs.items():
            if number < rounds:
                start = time.perf_counter()
                run()
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: median(times) for name, times in taken.items()}


def main() -> None:
    """Prints the table for the agenda (12 items, 25 actions) and the two-year follow-up."""
    templates = Templates([FOLDER])
    for name, paper in (("agenda", samples.agenda()), ("two_year_follow_up", samples.two_year_follow_up())):
        data = templates.docx(name, paper=paper)
        templates.html(name, paper=paper), templates.text(name, paper=paper)
        blocks = _blocks(data)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {part: package.read(part) for part in package.namelist()}
        runs: dict[str, tuple[Callable[[], object], int]] = {
            "ours, Word, checked": (lambda n=name, p=paper: templates.docx(n, paper=p), ROUNDS),
            "  of which the check": (lambda d=data: check_docx(d), ROUNDS),
            "ours, page": (lambda n=name, p=paper: templates.html(n, paper=p), ROUNDS),
            "ours, text": (lambda n=name, p=paper: templates.text(n, paper=p), ROUNDS),
            "python-docx, open and save": (lambda d=data: _open_and_save(d), ROUNDS),
            "python-docx, written by hand": (lambda b=blocks: _by_hand(b), SLOW_ROUNDS),
            "limit: zipfile, same bytes": (lambda p=parts: _zip(p), ROUNDS),
        }
        taken = _milliseconds(runs)
        ours = taken["ours, Word, checked"]
        print(f"{name:<32}{'ms':>8}{'a second':>10}{'to ours':>9}")
        for row, milliseconds in taken.items():
            print(f"{row:<32}{milliseconds:>8.2f}{1000 / milliseconds:>10.0f}{milliseconds / ours:>8.2f}x")


if __name__ == "__main__":
    main()
