"""Makes the generated parts of README.md and docs/ anew.

python -m docs.build                the texts, and the picture where LibreOffice and pdftoppm are installed
python -m docs.build --texts        the texts only
python -m docs.build --check        changes nothing; 1 where a text is not as it would be made
"""
# ruff: noqa: INP001, S603, S607, T201

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "pictures" / "agenda.png"
AGENDA_OF = "brottsforebyggande-rad/2027-05-12"  # the body and meeting whose agenda is shown
DPI = 80
SHOWN = 3  # dates of each rhythm in the README
MONTHS = ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]


def kadens(*arguments: str) -> str:
    """What the command prints. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "governance", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout


def readme_config() -> str:
    """The YAML of the README's first screen."""
    found = re.search(r"<!-- yaml:.*?-->\n```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found, "README.md has no <!-- yaml --> block"
    return found[1]


def dates_table() -> str:
    """What the README's YAML gives: each rhythm in words with its next dates."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(readme_config(), "utf-8")
        rows = json.loads(kadens("--config", str(config), "--today", "2027-01-01", "explain", "--format", "json"))
    lines = ["| organ | rytm | nästa möten |", "| --- | --- | --- |"]
    for row in rows:
        days = [date.fromisoformat(day) for day in row["next"][:SHOWN]]
        said = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in days]
        lines.append(f"| {row['name']} | {row['rhythm']} | {', '.join(said)} |")
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The README with its dates."""
    text = README.read_text("utf-8")
    return re.sub(
        r"(<!-- dates:.*?-->\n).*?(<!-- /dates -->)",
        lambda found: f"{found[1]}{dates_table()}{found[2]}",
        text,
        flags=re.DOTALL,
    )


def config_page() -> str:
    """docs/reference/config.md, from the schema."""
    from governance.config.reference import reference  # noqa: PLC0415

    return reference()


def command_page() -> str:
    """docs/reference/command.md, from the command's own help."""
    from governance.cli.reference import page  # noqa: PLC0415

    return page()


TEXTS: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/reference/config.md": config_page,
    "docs/reference/command.md": command_page,
}


def draw_agenda(folder: Path) -> None:
    """The picture of an agenda that `kadens run` made, through LibreOffice. Raises CalledProcessError."""
    made = [*("--data", str(folder / "data")), *("--out", str(folder / "out"))]
    record = ["--record", "examples/record"]
    kadens("--today", "2027-01-01", *made[:2], "run", "--until", "2027-05-06", *record, *made[2:], "--no-prefect")
    (paper,) = folder.glob(f"out/**/{AGENDA_OF}-dagordning*.docx")
    pages = folder / "pages"
    office = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run(
        ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", str(pages), str(paper)],
        check=True,
        capture_output=True,
    )
    first = ["-f", "1", "-l", "1", "-singlefile", "-png", "-r", str(DPI)]
    subprocess.run(["pdftoppm", *first, str(pages / f"{paper.stem}.pdf"), str(PICTURE.with_suffix(""))], check=True)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")


def main() -> int:
    """Makes what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    stale = []
    for name, make in TEXTS.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if not chosen.check:
            path.write_text(text, "utf-8")
    print("\n".join(f"{name}: {'not as it would be made' if chosen.check else 'made anew'}" for name in stale))
    if chosen.check:
        return 1 if stale else 0
    if not chosen.texts:
        if shutil.which("soffice") and shutil.which("pdftoppm"):
            with tempfile.TemporaryDirectory() as folder:
                draw_agenda(Path(folder))
        else:
            print(f"{PICTURE.relative_to(ROOT)} is left as it was: LibreOffice or pdftoppm is not installed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
