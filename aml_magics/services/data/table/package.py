"""The packages that read tables, which a Python that the user looks after may not have."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from aml_magics.errors import DependencyError

if TYPE_CHECKING:
    from types import ModuleType


def package_of_tables(name: str) -> ModuleType:
    """Import a package by its name.

    Raises:
        DependencyError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise DependencyError(
            f"A tabular dataset is read with {name}, which the Python of this process has not: pip install duckdb pandas "
            "pyarrow. An environment with azureml-defaults or azureml-dataprep gets them."
        ) from error
