"""A file that has been read: its data, where each value stands, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from governance.config.problem import Path, Problem, on_one_line, spell


@dataclass
class Source:
    """What a file says: its data, the (file, line) of each path, and what was wrong already in the text."""

    data: dict[str, Any] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)  # instead of `data` in a file that is a list
    lines: dict[Path, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faults: list[Path] = field(default_factory=list)  # the paths of the errors so far

    gone: dict[Path, list[int]] = field(default_factory=dict)  # what has been cut from each list

    def cut(self, path: Path) -> None:
        """Notes that the value at `path` has been taken out, so that those after it in a list keep their lines."""
        told = self.told(path)
        if told and isinstance(told[-1], int):
            self.gone.setdefault(told[:-1], []).append(told[-1])

    def told(self, path: Path) -> Path:
        """A path in the data as it now is, as a path in the file."""
        found: Path = ()
        for step in path:
            if isinstance(step, int) and found in self.gone:
                for cut in sorted(self.gone[found]):
                    step += cut <= step  # noqa: PLW2901
            found = (*found, step)
        return found

    def clouded(self, path: Path) -> bool:
        """Whether an error already told lies at, under or above a path: then a second would only confuse."""
        path = self.told(path)
        return any(fault and (path[: len(fault)] == fault or fault[: len(path)] == path) for fault in self.faults)

    def place(self, path: Path) -> tuple[str, int]:
        """The file and line of a path, or of the nearest thing that encloses it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, ("", 1))

    def report(self, path: Path, message: str, severity: Literal["error", "warning"] = "error") -> None:
        """Notes a problem at a path of the data, or at the nearest thing of the file that encloses it."""
        path = self.told(path)
        while path and path not in self.lines:
            path = path[:-1]
        file, line = self.place(path)
        self.problems.append(Problem(file, line, spell(path), on_one_line(message), severity))
        if severity == "error":
            self.faults.append(path)
