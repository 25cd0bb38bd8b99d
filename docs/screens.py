"""Draws the picture of the overview in docs/pictures: the example's year up to a day in May, in Chromium.

python -m docs.screens
"""
# ruff: noqa: INP001, T201

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from docs.build import ROOT, kadens

PICTURE = ROOT / "docs" / "pictures" / "overview.png"
NOW = datetime(2027, 5, 20, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
SECRETARY = "mats.oberg@storan.example"


def draw(folder: Path, chromium: str) -> None:
    """The picture, on data made in `folder`."""
    import uvicorn  # noqa: PLC0415  # heavy, and only for this
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from governance.secretariat.door import begin_session  # noqa: PLC0415
    from governance.web.app import build_app  # noqa: PLC0415
    from governance.web.serving import open_hall  # noqa: PLC0415

    made = ["run", "--until", "2027-05-20", "--record", "examples/record", "--no-prefect"]
    kadens("--today", "2027-01-01", "--data", str(folder), *made)
    with socket.socket() as listener, open_hall(ROOT / "config.yaml", lambda: NOW, folder=folder) as hall:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hall.origins = (address,)
        server = uvicorn.Server(uvicorn.Config(build_app(hall), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        key = begin_session(hall.office(), SECRETARY, "mail-link")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1180, "height": 900}, base_url=address, locale="sv-SE")
            context.add_cookies([{"name": "kadens", "value": key, "url": address}])
            page = context.new_page()
            page.goto("/")
            page.screenshot(path=PICTURE)
            browser.close()
        server.should_exit = True
        thread.join(10)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    found = shutil.which("chromium")
    if found is None:
        sys.exit("Chromium is not installed: apt install chromium")
    with tempfile.TemporaryDirectory() as temporary:
        draw(Path(temporary), found)
