"""A revision is made ready to run: its environment, its models, its code, and the orders of its replicas."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError, StoreCorruptError
from aml_magics.records.service import ServiceError
from aml_magics.services.environment.build import build
from aml_magics.services.environment.lock import using
from aml_magics.services.job import source
from aml_magics.services.model import registry as models
from aml_magics.services.model.files import MODELS_FOLDER, unpacked
from aml_magics.services.process.queue import inherited_variables
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.key import ensure_keys
from aml_magics.services.service.log import log_path
from aml_magics.store.home import HOME_VARIABLE, home, make_private, write_whole
from aml_magics.workers.supervisor.replica import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aml_magics.records.environment import BuiltEnvironment
    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store


class PreparationError(Exception):
    """A revision cannot run; ``error`` is what the service shows."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True, slots=True)
class Prepared(Launch):
    """What a replica needs to start; ``held`` keeps the environment from being removed."""

    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)


def prepare(
    store: Store, record: ServiceRecord, revision: Revision, say: Callable[[str], object]
) -> Prepared:
    """Make a revision ready in ``revisions/<number>``.

    Raises:
        PreparationError: it cannot run, and why.
    """
    folder = service_folder(store, record) / "revisions" / str(revision.number)
    held = contextlib.ExitStack()
    step = "EnvironmentBuildFailed"
    try:
        built = build(revision.deployment.environment, say=say)
        for note in built.notes:
            say(note)
        if built.folder is not None:
            held.enter_context(using(built.digest))
        step = "CodeChanged"
        app = _restored(store, revision, folder / "app")
        step = "ModelChanged"
        found = _unpacked(store, revision, folder / MODELS_FOLDER)
        step = "PreparationFailed"
        orders = folder / "replica.json"
        content = _orders(store, record, revision, app, found)
        write_whole(orders, json.dumps(content).encode())
    except (AmlError, OSError) as error:
        held.close()
        code = step if isinstance(error, StoreCorruptError) else type(error).__name__
        raise PreparationError(
            ServiceError(code if step != "EnvironmentBuildFailed" else step, str(error))
        ) from error
    variables = _variables(store, record, revision, built, content)
    return Prepared(str(built.python), orders, app, variables, held)


def _restored(store: Store, revision: Revision, app: Path) -> Path:
    """The code as it was deployed, whatever an earlier process did to it."""
    shutil.rmtree(app, ignore_errors=True)
    make_private(app)
    source.restore(store, revision.deployment.code, app)
    return app


def _unpacked(store: Store, revision: Revision, root: Path) -> list[dict[str, Any]]:
    make_private(root)
    found = []
    for id_ in revision.deployment.models:
        record = models.find(store, id_)
        path = unpacked(store, record, root)
        found.append({"name": record.name, "version": record.version, "path": str(path)})
    return found


def _orders(
    store: Store,
    record: ServiceRecord,
    revision: Revision,
    app: Path,
    found: list[dict[str, Any]],
) -> dict[str, Any]:
    deployment, folder = revision.deployment, service_folder(store, record)
    root = app.parent / MODELS_FOLDER
    only = found[0] if len(found) == 1 else None
    return {
        "service": record.name,
        "revision": revision.number,
        "version": revision.version,
        "workspace": store.record.name,
        "subscription": store.record.subscription_id,
        "group": store.record.resource_group,
        "app": str(app),
        "entry_script": deployment.entry_script,
        "model_dir": str(root / only["name"] / str(only["version"]) if only else root),
        "models": found,
        "log": str(log_path(store, record)),
        "keys": str(ensure_keys(store, record)),
        "traffic": str(folder / "traffic"),
        "collected": str(folder / "collected"),
        "authentication": deployment.authentication.value,
        "limits": asdict(deployment.limits),
        "cors": list(deployment.cors),
        "collects_data": deployment.collects_data,
        "app_insights": deployment.app_insights,
        "variables": deployment.variables,
    }


def _variables(
    store: Store,
    record: ServiceRecord,
    revision: Revision,
    built: BuiltEnvironment,
    orders: Mapping[str, Any],
) -> dict[str, str]:
    inherited = inherited_variables()
    definition = revision.deployment.environment or {}
    paths = [*built.path, *filter(None, [inherited.get("PYTHONPATH", "")])]
    # An environment of its own keeps its bytecode: every replica would compile all it imports again.
    bytecode = {} if built.folder is None else {"PYTHONDONTWRITEBYTECODE": ""}
    variables = {
        **inherited,
        **bytecode,
        **(definition.get("environmentVariables") or {}),
        **revision.deployment.variables,
        "PYTHONPATH": os.pathsep.join(paths if built.folder is None else []),
        "PYTHONUNBUFFERED": "1",
        HOME_VARIABLE: str(home()),
        "AML_MAGICS_WORKSPACE": store.record.name,
        "AZUREML_MODEL_DIR": orders["model_dir"],
        "AZUREML_ENTRY_SCRIPT": orders["entry_script"],
        "AML_APP_ROOT": orders["app"],
        "SERVICE_NAME": record.name,
        "SERVICE_PATH_PREFIX": "",
        "WORKSPACE_NAME": store.record.name,
        "HOSTNAME": inherited.get("HOSTNAME", socket.gethostname()),
    }
    folder = os.path.dirname(built.python)  # noqa: PTH120 -- the text of a path, not a link's target
    variables["PATH"] = os.pathsep.join([folder, variables.get("PATH", os.defpath)])
    return variables
