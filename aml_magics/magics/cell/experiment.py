"""The experiment of a cell that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.sdk.workspace import session

if TYPE_CHECKING:
    from collections.abc import Mapping


def default_experiment(configured: str, names: Mapping[str, Any]) -> str:
    """The configured experiment, else that of the process.

    Args:
        configured: ``AmlMagics.experiment``, perhaps empty.
        names: the user's variables, among which VS Code puts the path of the notebook.
    """
    notebook = names.get("__vsc_ipynb_file__")
    return configured or session.default_experiment(notebook) or session.LAST_RESORT
