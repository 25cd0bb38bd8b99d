"""The wheel, built offline and installed in a fresh environment, runs from an empty folder without the clone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made by hatchling with no network and no isolation."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


ASK = """
import re
from datetime import datetime, timezone
from pathlib import Path
from starlette.testclient import TestClient
from governance.web.app import build_app
from governance.web.serving import open_hall
with open_hall(Path("config.yaml"), lambda: datetime.now(timezone.utc)) as hall:
    client = TestClient(build_app(hall))
    page, sheet = client.get("/logga-in"), client.get("/static/style.css")
    print(page.status_code, re.search("<h1>(.*?)</h1>", page.text)[1])
    print(sheet.status_code, sheet.headers["content-type"].split(" ")[0])
"""


@pytest.fixture(scope="module")
def kadens(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The installed command. Dependencies are this environment's own; the clone is not on the path."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", scripts / "python", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--quiet", "--no-index", "--no-deps", wheel], check=True, capture_output=True)
    (site,) = home.glob("lib/python*/site-packages")
    # A plain folder on the path, not a site folder: its .pth files, one of which points at the clone, stay unread.
    (site / "parent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("KADENS_", "PYTHON"))}

    def run(*arguments: str, cwd: Path, program: str = "kadens") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [scripts / program, *arguments],
            cwd=cwd,
            env=surroundings,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_wheel_carries_program_templates_config_and_migrations(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    bundled = "governance/_bundled"
    wanted = {f"{bundled}/config.yaml"}
    for room in ("templates", "migrations"):
        files = (path for path in (ROOT / room).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        wanted |= {f"{bundled}/{path.relative_to(ROOT).as_posix()}" for path in files}
    for room in ("governance", "flows"):
        wanted |= {path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*.py")}
    wanted |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "governance/web/static").iterdir()}
    about = {name for name in carried if name.startswith("kadens-")}
    assert carried - about == wanted
    assert {name.partition("/")[2] for name in about} == {"METADATA", "WHEEL", "RECORD", "entry_points.txt"}


def test_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--directory", tmp_path / "dist", "--target"]
    subprocess.run([*build, "sdist"], cwd=ROOT, check=True, capture_output=True)
    (source,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(source) as opened:
        opened.extraction_filter = getattr(tarfile, "data_filter", None)  # 3.11.4 and later
        opened.extractall(tmp_path)
    (unpacked,) = (path for path in tmp_path.glob("kadens-*") if path.is_dir())
    subprocess.run([*build, "wheel"], cwd=unpacked, check=True, capture_output=True)
    (again,) = (tmp_path / "dist").glob("*.whl")
    assert again.read_bytes() == wheel.read_bytes()


def test_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [each for each in opened.namelist() if each.endswith("METADATA")]
        said = opened.read(name).decode()
    assert "Name: kadens\n" in said
    assert "Requires-Python: >=3.11\n" in said
    assert "Requires-Dist: prefect<4,>=3.8.8\n" in said


def test_installed_kadens_is_not_the_clone(kadens: Run, tmp_path: Path) -> None:
    asked = "import governance, flows; print(governance.__file__, flows.__file__)"
    done = kadens("-c", asked, cwd=tmp_path, program="python")
    assert (done.returncode, str(ROOT / "governance") in done.stdout) == (0, False)


def test_empty_folder_becomes_a_checked_municipality_with_a_year(kadens: Run, tmp_path: Path) -> None:
    for arguments in (["init"], ["check"], ["--today", "2027-01-01", "year"]):
        done = kadens(*arguments, cwd=tmp_path)
        assert (arguments, done.returncode, done.stderr) == (arguments, 0, "")
    assert (tmp_path / "config.yaml").read_bytes() == (ROOT / "config.yaml").read_bytes()
    rows = json.loads(kadens("year", "2027", "--format", "json", cwd=tmp_path).stdout)
    assert {row["body"] for row in rows} >= {"operativ-grupp", "beredningsgrupp", "brottsforebyggande-rad", "styrgrupp"}


def test_installed_kadens_makes_papers_from_its_own_templates_and_migrations(kadens: Run, tmp_path: Path) -> None:
    assert kadens("init", cwd=tmp_path).returncode == 0
    done = kadens("--today", "2027-01-01", "run", "--until", "2027-01-12", "--no-prefect", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    papers = sorted(path.name for path in tmp_path.glob("kadens-data/*/handlingar/operativ-grupp/*.docx"))
    assert papers[0] == "2027-01-12-dagordning-operativ-grupp.docx"


def test_installed_kadens_draws_its_pages_and_their_sheet(kadens: Run, tmp_path: Path) -> None:
    assert kadens("init", cwd=tmp_path).returncode == 0
    (tmp_path / "ask.py").write_text(ASK, "utf-8")
    done = kadens("-W", "ignore", "ask.py", cwd=tmp_path, program="python")
    assert (done.returncode, done.stdout.split()) == (0, ["200", "Logga", "in", "200", "text/css;"]), done.stderr


def test_init_with_templates_lays_them_beside_the_config(kadens: Run, tmp_path: Path) -> None:
    assert kadens("init", "--templates", cwd=tmp_path).returncode == 0
    laid = {path.relative_to(tmp_path) for path in tmp_path.glob("templates/**/*") if path.is_file()}
    ours = {path.relative_to(ROOT) for path in ROOT.glob("templates/**/*") if path.is_file()}
    assert laid == {path for path in ours if "pages" not in path.parts}  # the pages are the program's own


def test_foreign_flows_package_is_refused_with_a_remedy(kadens: Run, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/__init__.py").write_text("", "utf-8")
    assert kadens("init", cwd=tmp_path).returncode == 0
    done = kadens("-m", "governance", "run", "--no-prefect", cwd=tmp_path, program="python")
    assert done.returncode == 2
    assert "pipx install kadens" in done.stderr
