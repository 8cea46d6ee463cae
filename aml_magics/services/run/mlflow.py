"""MLflow: a workspace's tracking address, and the variables of submitted scripts.

It imports nothing of MLflow; :mod:`aml_magics.mlflow` does.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from aml_magics.errors import InvalidPathError
from aml_magics.records.value import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

SCHEME: Final = "aml-magics"
QUIET: Final = "MLFLOW_DISABLE_TELEMETRY"
_RUNS: Final = "runs"
_MODELS: Final = "models"
_POINTS: Final = "mlflow.tracking_store"


@dataclass(frozen=True, slots=True)
class Place:
    """A parsed address: a workspace; in it a run, or a version of a model; a folder among its files. Empty if not named."""

    workspace: str
    run_id: str = ""
    folder: str = ""
    model: str = ""
    version: str = ""


def tracking_uri(store: Store) -> str:
    """A workspace's address for ``mlflow.set_tracking_uri``."""
    return f"{SCHEME}://{quote(store.record.name, safe='')}"


def files_uri(store: Store, run_id: str, folder: str = "") -> str:
    """The address of a run's files, or of a folder of them."""
    parts = [tracking_uri(store), _RUNS, run_id, *([folder] if folder else [])]
    return "/".join(parts)


def model_uri(store: Store, name: str, version: int) -> str:
    """The address of the files of a registered model."""
    return "/".join([tracking_uri(store), _MODELS, quote(name, safe=""), str(version)])


def place_of(uri: str) -> Place:
    """Parse an address; raises InvalidPathError for one that is not ours."""
    scheme, _, rest = uri.partition("://")
    workspace, _, path = rest.partition("/")
    kind, _, behind = path.rstrip("/").partition("/")
    first, _, rest = behind.partition("/")
    if scheme.lower() != SCHEME or not workspace or kind not in ("", _RUNS, _MODELS):
        raise InvalidPathError(
            f"{uri!r:.200} is no MLflow address of a workspace, such as {SCHEME}://NAME; ws.get_mlflow_tracking_uri() gives it."
        )
    if kind == _MODELS:
        version, _, folder = rest.partition("/")
        return Place(unquote(workspace), folder=folder, model=unquote(first), version=version)
    return Place(unquote(workspace), first, rest)


def disable_telemetry() -> None:
    """Turn off MLflow's telemetry, unless the user has set it.

    MLflow 3 sends it over the network from its own thread. If MLflow was imported before, queued data is dropped.
    """
    os.environ.setdefault(QUIET, "true")
    telemetry, utils = (sys.modules.get(f"mlflow.telemetry{part}") for part in ("", ".utils"))
    make = getattr(telemetry, "set_telemetry_client", None)
    is_disabled = getattr(utils, "is_telemetry_disabled", None)
    if make is None or is_disabled is None or not is_disabled():
        return  # MLflow 2 has no telemetry, or the user turned it on
    client = getattr(telemetry, "get_telemetry_client", lambda: None)()
    if client is not None:
        client.flush(terminate=True)
        make()  # makes no client if disabled


def set_system_tags(store: Store, record: RunRecord, values: Mapping[str, Any]) -> None:
    """Store MLflow's own tags (``mlflow.source.name``, …) as properties of a run.

    Properties are not shown as columns, so these do not hide the user's tags. MLflow rewrites some of
    them, so they are the only properties that change.
    """
    texts = {name: plain_text(value) for name, value in values.items()}
    store.catalogue.transact(
        lambda connection: store.fields.put(connection, record.key, "property", texts), durable=True
    )


def remove_system_tags(store: Store, record: RunRecord, names: list[str]) -> None:
    """Remove properties stored by :func:`set_system_tags`."""
    store.catalogue.transact(
        lambda connection: store.fields.remove(connection, record.key, "property", names),
        durable=True,
    )


def script_variables(
    store: Store, record: RunRecord, python: str, environ: Mapping[str, str]
) -> dict[str, str]:
    """Environment variables by which MLflow in a submitted script logs to the submitted run.

    They are empty if the script's Python has no MLflow or does not know us, or if the user set another address;
    an address of ours, which a notebook's ``set_tracking_uri`` leaves, does not count as one.

    Args:
        python: the script's interpreter.
        environ: the script's other variables.
    """
    from aml_magics.services.run import experiment as experiments  # not for every `import mlflow`

    given = environ.get("MLFLOW_TRACKING_URI", "")
    ours = tracking_uri(store)
    if given not in ("", ours) or not _can_use(python, environ):
        return {}
    experiment = experiments.get(store, record.experiment)
    return {
        QUIET: environ.get(QUIET, "true"),
        "MLFLOW_TRACKING_URI": ours,
        "MLFLOW_RUN_ID": record.id,
        "MLFLOW_EXPERIMENT_NAME": experiment.name,
        # a notebook's set_experiment leaves its variables, and MLflow refuses differing ones
        "MLFLOW_EXPERIMENT_ID": experiment.id,
    }


def _can_use(python: str, environ: Mapping[str, str]) -> bool:
    """Whether an interpreter finds MLflow, and our entry points for it."""
    own = environ.get("PYTHONPATH", "").split(os.pathsep)
    folders = [*own, *(sys.path if python == sys.executable else _packages_of(python))]
    found = [_found_in(place, _changed(place)) for place in dict.fromkeys(folders) if place]
    return any(has_mlflow for has_mlflow, _ in found) and any(has_points for _, has_points in found)


def find_in_packages() -> None:
    """Look for MLflow in this interpreter's packages; a fork need not look again until they change."""
    for place in filter(None, sys.path):
        _found_in(place, _changed(place))


def _changed(place: str) -> int:
    """When something was installed in a folder of packages, or removed from it."""
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


@functools.lru_cache(maxsize=256)
def _found_in(place: str, _changed: int) -> tuple[bool, bool]:
    """Whether a folder of packages holds MLflow, and our entry points for it."""
    has_points = any(
        point.group == _POINTS
        for distribution in importlib.metadata.distributions(name="aml-magics", path=[place])
        for point in distribution.entry_points
    )
    return Path(place, "mlflow", "__init__.py").is_file(), has_points


def _packages_of(python: str) -> list[str]:
    # not resolved: a virtual environment's Python is a link to its base Python
    prefix = Path(python).absolute().parent.parent
    return [str(found) for found in sorted(prefix.glob("lib/python3.*/site-packages"))]
