"""The command with a bomb in it: `python -m tests.faults.deadly MOMENT N ARGUMENTS …` is `kadens ARGUMENTS …`,
killed by SIGKILL at the N-th moment of that kind. Moments: see MOMENTS. With N = 0 nothing is killed; the last
line on standard error then says how many such moments there were.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

# moment: (whose method, which, whether the process dies before or after it)
MOMENTS: dict[str, tuple[Any, str, bool]] = {
    "before-commit": (DefaultDialect, "do_commit", True),
    "after-commit": (DefaultDialect, "do_commit", False),
    "half-written": (Path, "replace", True),  # a file is written, but not yet in its place
    "file-written": (Path, "replace", False),  # the file lies there, and the database does not know
}


def lay(moment: str, last: int) -> None:
    """Makes the process die at the `last`-th moment."""
    owner, name, before = MOMENTS[moment]
    real: Callable[..., Any] = getattr(owner, name)
    times = 0

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal times
        times += 1
        if before and times == last:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if not before and times == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, counted)
    if not last:
        atexit.register(lambda: sys.stderr.write(f"{times}\n"))


if __name__ == "__main__":
    lay(sys.argv[1], int(sys.argv[2]))
    from governance.cli import main

    sys.exit(main(sys.argv[3:]))
