"""The packages that scoring code and models need, found in this Python, where no environment names them."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from typing import TYPE_CHECKING, Any

from aml_magics.services.model import registry as models
from aml_magics.services.model.inspection import inspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.records.service import Deployment
    from aml_magics.store.store import Store

_OURS = frozenset({"aml_magics", "azureml"})


def environment_of(store: Store, deployment: Deployment) -> dict[str, Any]:
    """An environment's definition with the installed versions of what the code and the pickles of a deployment import.

    Code is parsed and pickles are read by their opcodes: neither is run.
    """
    imported = {*_imported_by_code(store, deployment), *_imported_by_models(store, deployment)}
    distributions = importlib.metadata.packages_distributions()
    names = {
        distributions[module][0]
        for module in imported - _OURS - sys.stdlib_module_names
        if module in distributions
    }
    pins = sorted(f"{name}=={importlib.metadata.version(name)}" for name in names)
    python = f"python={sys.version_info.major}.{sys.version_info.minor}"
    return {
        "name": "as-installed",
        "python": {"condaDependencies": {"dependencies": [python, {"pip": pins}]}},
    }


def _imported_by_code(store: Store, deployment: Deployment) -> Iterator[str]:
    for file in deployment.code:
        if not file.name.endswith(".py"):
            continue
        with store.blobs.open(file.digest) as opened:
            try:
                tree = ast.parse(opened.read())
            except (SyntaxError, ValueError):  # the service will say so
                continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (one.name.partition(".")[0] for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _imported_by_models(store: Store, deployment: Deployment) -> Iterator[str]:
    for model in deployment.models:
        for described in inspect(store, models.find(store, model)):
            if described.content is not None:
                yield from (name.partition(".")[0] for name in described.content.imports)
