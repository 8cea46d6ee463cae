"""Makes aml_magics importable in the environments it builds.

Scripts import it, or ``azureml`` through it, to find their run. It is not installed there from an
index: then another version would write the run than reads it. The environment gets

- a link named ``aml_magics`` to the package that builds it, beside the installed packages, and no
  other package of the builder's Python,
- a small ``dist-info``, so that its version and its entry points are found,
- a ``.pth`` file with the folder of ``azureml``'s import paths, and of start-up fixes for old code; it comes
  after installed packages, so it does not hide an installed Microsoft package,
- and, in the resolution, the requirements of the part of aml_magics that a script uses: no
  JupyterLab, no IPython.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from aml_magics._version import VERSION
from aml_magics.services.environment.lock import environments
from aml_magics.store.home import make_private, write_whole

PACKAGE: Final = Path(__file__).resolve().parents[2]
"""The folder of the running package."""

_NOT_FOR_SCRIPTS: Final = frozenset({
    "anywidget", "cloudpickle", "ipykernel", "ipython", "ipywidgets", "pandas", "traitlets", "uv",
    # of extras; an installation from before there were extras says that it requires them all
    "duckdb", "jupyter-server", "jupyterlab", "matplotlib", "nbclient", "nbformat", "pyarrow", "scikit-learn",
})  # fmt: skip
"""Our requirements for notebooks and tables only; a script that reads tables requests them itself."""

_IF_INSTALLED: Final = ("team", "serve")
"""Extras that a script or a web service needs if this Python has them: a workspace in PostgreSQL, the server."""


@cache
def own_requirements() -> tuple[str, ...]:
    """The requirements of the part of aml_magics that scripts use, with our version bounds."""
    declared = map(Requirement, importlib.metadata.requires("aml-magics") or ())
    return tuple(sorted({_bare(one) for one in declared if _is_for_scripts(one)}))


def _is_for_scripts(one: Requirement) -> bool:
    name = canonicalize_name(one.name)
    if one.marker is None or one.marker.evaluate({"extra": ""}):
        return name not in _NOT_FOR_SCRIPTS
    if not any(one.marker.evaluate({"extra": extra}) for extra in _IF_INSTALLED):
        return False
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _bare(one: Requirement) -> str:
    """Without its marker, already evaluated: the resolver does not know our extras."""
    one.marker = None
    return str(one)


def put_into(packages: Path) -> None:
    """Make aml_magics importable from a folder of installed packages."""
    _link(packages / PACKAGE.name)
    _inform(packages)
    # Through the link, since our azureml is recognised by its place beside aml_magics; and relative,
    # since a line is read in the encoding of the machine, and executed where it begins with `import`.
    # The import is needed where the system's own sitecustomize comes before ours.
    lines = f"{PACKAGE.name}/compat\nimport aml_magics_start; aml_magics_start.start()\n"
    (packages / "aml_magics.pth").write_text(lines, encoding="utf-8")


def copy_into(packages: Path) -> None:
    """Copy the part of aml_magics that scripts use into a folder, for another machine; it goes on ``PYTHONPATH``."""
    leave = shutil.ignore_patterns("__pycache__", "labextension", "*.js", "*.map")
    shutil.copytree(PACKAGE, packages / PACKAGE.name, ignore=leave)
    _inform(packages)


def path_for_another() -> tuple[str, str]:
    """``PYTHONPATH`` folders for another Python of the user: only aml_magics and azureml."""
    place = hashlib.sha256(f"{PACKAGE}\0{VERSION}".encode()).hexdigest()[:16]
    folder = environments() / ".path" / place
    make_private(folder)
    _link(folder / PACKAGE.name)
    _inform(folder)
    return str(folder), str(folder / PACKAGE.name / "compat")


def _inform(folder: Path) -> None:
    """Write aml_magics' version and entry points for ``importlib.metadata``."""
    info = folder / f"aml_magics-{VERSION}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: aml-magics\nVersion: {VERSION}\n"
    points = importlib.metadata.distribution("aml-magics").read_text("entry_points.txt")
    write_whole(info / "METADATA", metadata.encode())
    write_whole(info / "INSTALLER", b"aml_magics\n")
    write_whole(info / "entry_points.txt", (points or "").encode())


def _link(link: Path) -> None:
    with suppress(FileExistsError):
        link.symlink_to(PACKAGE, target_is_directory=True)
