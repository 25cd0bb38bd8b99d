"""Full and write-protected disks: told of in Swedish, nothing lost, and the next run comes to the same as ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.conftest import Disk
from tests.faults.runs import Ended, Span, differences, files, kadens

pytestmark = pytest.mark.faults


def told(ended: Ended) -> str:
    """What a run that was refused says; that it says so and how it ends is checked here."""
    assert (ended.status, "Traceback" in ended.err, "oväntat" in ended.err) == (2, False, False), ended.err
    return ended.err


@pytest.mark.parametrize("size", ["100k", "500k", "800k", "1100k", "1500k", "2000k"])
def test_a_full_disk_stops_the_run_and_the_next_finishes_it(size: str, mount: Disk, first_days: Span) -> None:
    data = mount(f"size={size}") / "data"
    assert "full" in told(kadens(*first_days.arguments(data)))
    assert [name for name in files(data) if name.endswith(".part")] == []
    mount("size=40m")
    assert kadens(*first_days.arguments(data)).status == 0
    assert differences(data, first_days.whole) == []


@pytest.mark.parametrize("size", ["20k", "300k", "900k"])
def test_a_full_folder_for_papers_and_mails_is_told_and_filled_later(
    size: str, mount: Disk, tmp_path: Path, first_days: Span
) -> None:
    out, data = mount(f"size={size}"), tmp_path / "data"
    assert ": disken är full" in told(kadens(*first_days.arguments(data, "--out", out)))
    mount("size=40m")
    assert kadens(*first_days.arguments(data, "--out", out)).status == 0
    assert differences(out, first_days.whole, data / "kadens.db") == []


@pytest.mark.parametrize("largest", [60_000, 1_000_000])
def test_a_file_that_may_not_grow_stops_the_run_and_the_next_finishes_it(
    largest: int, tmp_path: Path, first_days: Span
) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("prlimit is missing")
    limited = ["prlimit", f"--fsize={largest}"]
    assert told(kadens(*first_days.arguments(tmp_path), before=limited)).count("\n") == 1
    assert kadens(*first_days.arguments(tmp_path)).status == 0
    assert differences(tmp_path, first_days.whole) == []


def test_a_disk_that_is_mounted_read_only_is_told_and_nothing_changes(mount: Disk, february: Span) -> None:
    data = february.begin(mount("size=40m") / "data")
    before = files(data)
    mount("ro")
    assert "skriv" in told(kadens(*february.arguments(data)))
    mount("rw")
    assert files(data) == before
    assert kadens(*february.arguments(data)).status == 0
    assert differences(data, february.whole) == []


def test_a_write_protected_data_folder_is_told(tmp_path: Path, first_days: Span, powerless: list[str]) -> None:
    tmp_path.chmod(0o500)
    assert "Databasen kan inte öppnas" in told(kadens(*first_days.arguments(tmp_path), before=powerless))
    tmp_path.chmod(0o700)
    assert kadens(*first_days.arguments(tmp_path)).status == 0
    assert differences(tmp_path, first_days.whole) == []


def test_a_write_protected_database_is_told(tmp_path: Path, february: Span, powerless: list[str]) -> None:
    file = february.begin(tmp_path) / "kadens.db"
    file.chmod(0o400)
    assert "skrivskyddad" in told(kadens(*february.arguments(tmp_path), before=powerless))
    file.chmod(0o600)
    assert kadens(*february.arguments(tmp_path)).status == 0
    assert differences(tmp_path, february.whole) == []


def test_a_write_protected_folder_for_papers_is_told(tmp_path: Path, first_days: Span, powerless: list[str]) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    out.mkdir(mode=0o500)
    assert "behörighet saknas" in told(kadens(*first_days.arguments(data, "--out", out), before=powerless))
    out.chmod(0o700)
    assert kadens(*first_days.arguments(data, "--out", out)).status == 0
    assert differences(out, first_days.whole, data / "kadens.db") == []


def test_a_file_where_the_folder_for_papers_should_be_is_told(tmp_path: Path, first_days: Span) -> None:
    (tmp_path / "out").write_text("en fil")
    told_of = told(kadens(*first_days.arguments(tmp_path / "data", "--out", tmp_path / "out")))
    assert told_of.count("är ingen mapp") == 2  # the papers', the mails'
    (tmp_path / "out").unlink()
    assert kadens(*first_days.arguments(tmp_path / "data", "--out", tmp_path / "out")).status == 0
    assert differences(tmp_path / "out", first_days.whole, tmp_path / "data/kadens.db") == []
