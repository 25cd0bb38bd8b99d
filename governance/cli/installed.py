"""What can be wrong with how kadens was installed."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import governance
from governance.cli.arguments import UsageProblem


def refuse_foreign_flows() -> None:
    """Stops where `import flows` would find another program's package (PyPI has a `flows`). Raises UsageProblem."""
    home = Path(str(governance.__file__)).resolve().parent.parent
    spec = find_spec("flows")
    found = Path(spec.origin).resolve().parent if spec and spec.origin else None
    if found is None:
        raise UsageProblem("paketet flows saknas: kadens är inte helt installerat; installera om det")
    if found.parent != home or _installed_too():
        raise UsageProblem(
            f"ett annat programs paket flows är i vägen ({found}): installera kadens i en egen miljö, "
            "till exempel med pipx install kadens"
        )


def _installed_too() -> bool:
    """Whether a distribution named `flows` has been installed over ours."""
    try:
        files = metadata.distribution("flows").files or []
    except metadata.PackageNotFoundError:
        return False
    ours = Path(str(governance.__file__)).resolve().parent.parent / "flows" / "__init__.py"
    return any(Path(str(file.locate())).resolve() == ours for file in files)


def version() -> str:
    """The version of kadens, also in a clone that has not been installed."""
    try:
        return metadata.version("kadens")
    except metadata.PackageNotFoundError:
        import tomllib  # noqa: PLC0415

        project = Path(str(governance.__file__)).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
