"""A build context: a folder from which docker, podman or buildah make the image of a service.

::

    Dockerfile           installs the lock, copies the rest, runs as a user without rights
    requirements.lock    pinned, with hashes
    packages/            the part of aml_magics that scoring scripts and their server use
    azureml-app/         the scoring code
    azureml-models/      NAME/VERSION/..., as AZUREML_MODEL_DIR shows them
    replica.json         what the server runs

Paths in ``replica.json`` are relative to its folder, so the context runs where it lies, too.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AlreadyExistsError
from aml_magics.services.environment.lockfile import lock_of, pinned_plan
from aml_magics.services.environment.own_package import copy_into
from aml_magics.services.image.packages import environment_of
from aml_magics.services.job.source import restore
from aml_magics.services.model import registry as models
from aml_magics.services.model.files import MODELS_FOLDER, unpacked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.service import Deployment
    from aml_magics.store.store import Store

APP_FOLDER: Final = "azureml-app"
PACKAGES: Final = "packages"
PORT: Final = 5001
"""Where the server of Azure's images listens, too."""

_PLACE: Final = "/var/azureml"
_AZURE_BASE: Final = "mcr.microsoft.com/azureml/"
_DOCKERFILE: Final = """\
FROM {base}
RUN useradd --create-home --uid 1000 aml
WORKDIR {place}
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . ./
{steps}RUN mkdir -p traffic collected && chown -R aml {place}
ENV PYTHONPATH={place}/packages:{place}/packages/aml_magics/compat \\
    PYTHONUNBUFFERED=1 \\
    AZUREML_MODEL_DIR={models}{variables}
USER aml
EXPOSE {port}
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \\
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/', timeout=4)"]
CMD ["python", "-m", "aml_magics.workers.container", "replica.json", "--host", "0.0.0.0", "--port", "{port}"]
"""


@dataclass(frozen=True, slots=True)
class BuildContext:
    """A written context: its folder, the names of what it holds, and notes for the user."""

    folder: Path
    files: tuple[str, ...]
    notes: tuple[str, ...]


def write(store: Store, deployment: Deployment, folder: Path, name: str) -> BuildContext:
    """Write the build context of a deployment into a folder that is empty or not there.

    Args:
        name: the service's name as its log and its headers say it.

    Raises:
        AlreadyExistsError: the folder holds something.
        StoreCorruptError: a file of a model or of the code has changed.
        EnvironmentBuildError: no versions fit the environment.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AlreadyExistsError(
            f"A build context is written into an empty folder, and {str(folder)!r:.200} is not: name another."
        )
    definition = definition_of(store, deployment)
    lock = lock_of(definition)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "requirements.lock").write_text(lock.text, encoding="utf-8")
    copy_into(folder / PACKAGES)
    (folder / APP_FOLDER).mkdir()
    restore(store, deployment.code, folder / APP_FOLDER)
    (folder / MODELS_FOLDER).mkdir()
    records = [models.find(store, one) for one in deployment.models]
    for record in records:
        unpacked(store, record, folder / MODELS_FOLDER)
    model_dir = _model_dir(records)
    orders = _orders(store, deployment, name, records, model_dir)
    (folder / "replica.json").write_text(json.dumps(orders, indent=2), encoding="utf-8")
    text = _dockerfile(deployment, definition, lock.python, model_dir)
    (folder / "Dockerfile").write_text(text, encoding="utf-8")
    return BuildContext(folder, tuple(sorted(one.name for one in folder.iterdir())), lock.notes)


def definition_of(store: Store, deployment: Deployment) -> dict[str, Any]:
    """The environment of a deployment; where it names none, that of what its code and models import here."""
    return deployment.environment or environment_of(store, deployment)


def dockerfile(store: Store, deployment: Deployment) -> str:
    """The Dockerfile of a deployment's build context. Nothing is resolved for it.

    Raises:
        InvalidEnvironmentError: the user manages the environment, or its definition is malformed.
    """
    definition = definition_of(store, deployment)
    records = [models.find(store, one) for one in deployment.models]
    python = pinned_plan(definition).interpreter.minor
    return _dockerfile(deployment, definition, python, _model_dir(records))


def _model_dir(records: Sequence[ModelRecord]) -> str:
    if len(records) == 1:  # as in Azure
        return f"{MODELS_FOLDER}/{records[0].name}/{records[0].version}"
    return MODELS_FOLDER


def _orders(
    store: Store, deployment: Deployment, name: str, records: Sequence[ModelRecord], model_dir: str
) -> dict[str, object]:
    return {
        "service": name,
        "revision": 0,
        "version": "",
        "workspace": store.record.name,
        "app": APP_FOLDER,
        "entry_script": deployment.entry_script,
        "model_dir": model_dir,
        "models": [
            {
                "name": one.name,
                "version": one.version,
                "path": f"{MODELS_FOLDER}/{one.name}/{one.version}",
            }
            for one in records
        ],
        "log": None,
        "keys": None,
        "traffic": "traffic",
        "collected": "collected",
        "authentication": "none",
        "limits": asdict(deployment.limits),
        "cors": list(deployment.cors),
        "collects_data": deployment.collects_data,
        "app_insights": deployment.app_insights,
        "variables": deployment.variables,
    }


def _dockerfile(
    deployment: Deployment, definition: dict[str, object], python: str, model_dir: str
) -> str:
    docker = definition.get("docker")
    base = docker.get("baseImage") if isinstance(docker, dict) else None
    base = deployment.requested.get("baseImage") or base
    steps = deployment.requested.get("dockerSteps") or ""
    if not base or str(base).startswith(_AZURE_BASE):  # their Python is conda's, of another version
        base = f"python:{python}-slim"
    variables = "".join(
        f" \\\n    {name}={json.dumps(value)}" for name, value in deployment.variables.items()
    )
    return _DOCKERFILE.format(
        base=base,
        place=_PLACE,
        steps=f"{steps.rstrip()}\n" if steps else "",
        models=f"{_PLACE}/{model_dir}",
        variables=variables,
        port=PORT,
    )
