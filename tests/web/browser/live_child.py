"""A server of the pages in a process of its own, so that a test can kill it: CONFIG FOLDER PORT MOMENT."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import uvicorn

from governance.web.app import build_app
from governance.web.serving import open_hall

if __name__ == "__main__":
    config, folder, port, moment = sys.argv[1:]
    now = datetime.fromisoformat(moment)
    address = f"http://127.0.0.1:{port}"
    with open_hall(Path(config), lambda: now, folder=Path(folder), origins=(address,)) as hall:
        uvicorn.run(build_app(hall), host="127.0.0.1", port=int(port), log_level="error", ws="none")
