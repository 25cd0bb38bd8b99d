"""Every benchmark in one run: ours, the peer and the limit, with their ratios.

    python -m bench          all of them
    python -m bench cadence  one by name

Each module of this folder has a `main()` that prints its table. Compare ratios, not seconds: those are the machine's.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib import import_module
from pathlib import Path

# What the project has promised to measure; a missing one fails the run.
PROMISED = ("cadence", "config", "mail", "pages", "papers", "year")


def names() -> list[str]:
    """The benchmarks: those promised, and any other module here."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")}
    return sorted(found | set(PROMISED))


def main(wanted: list[str]) -> int:
    """Runs them in turn; 1 where one is missing or fails, after the others have been run."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    failed = []
    for name in wanted or names():
        print(f"\n== {name}", flush=True)
        started = time.perf_counter()
        try:
            import_module(f"bench.{name}").main()
        except Exception as problem:  # noqa: BLE001  # the other benchmarks still have their say
            print(f"{name} did not run: {type(problem).__name__}: {problem}", file=sys.stderr)
            failed.append(name)
        print(f"({time.perf_counter() - started:.1f} s)")
    if failed:
        print(f"\nDid not run: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
