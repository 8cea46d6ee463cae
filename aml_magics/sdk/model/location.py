"""Where a script finds a model: in its web service, in the registry, or in its own folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ModelNotFoundError, WorkspaceNotFoundError
from aml_magics.sdk.run import context
from aml_magics.services.model import registry
from aml_magics.services.model.files import MODELS_FOLDER, unpacked

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace

MODEL_DIR: Final = "AZUREML_MODEL_DIR"
"""The variable of a web service: the folder of its one model's version, or of all its models."""


def model_path(
    name: str, version: int | str | None = None, workspace: Workspace | None = None
) -> Path:
    """The path of a model's file or folder; :meth:`Model.get_model_path` says where it is looked for."""
    wanted = str(name).strip()
    asked = None if version is None else str(version).strip()
    in_service = _in_service(wanted, asked)
    if in_service is not None:
        return in_service
    refusal: Exception | None = None
    served = os.environ.get(MODEL_DIR) if workspace is None else None
    try:
        if served:  # nothing of a workspace is there where a service runs elsewhere
            raise _not_served(Path(served), wanted, asked)
        home = workspace if workspace is not None else context.workspace()
        record = registry.get(home.store, wanted, asked)
        return unpacked(home.store, record, Path(MODELS_FOLDER))
    except (ModelNotFoundError, WorkspaceNotFoundError) as error:
        refusal = error
    found = _below(Path(MODELS_FOLDER), wanted, asked)
    if found is None and _is_local(wanted) and asked is None:
        found = Path(wanted)
    if found is None:
        other = (
            "" if workspace is not None or served else " Pass _workspace= for another workspace."
        )
        raise ModelNotFoundError(
            f"{refusal}{other} Nor is it in the folder {MODELS_FOLDER!r}, or a file, of {str(Path.cwd())!r}."
        ) from refusal
    return found


def _not_served(folder: Path, name: str, version: str | None) -> ModelNotFoundError:
    """The error for a model that a web service was not deployed with."""
    if folder.name.isdecimal():
        has = [f"{folder.parent.name}:{folder.name}"]
    else:
        found = folder.glob("*/*")
        has = sorted(f"{one.parent.name}:{one.name}" for one in found if one.name.isdecimal())
    wanted = name if version is None else f"{name}:{version}"
    return ModelNotFoundError(
        f"ModelNotFound: this web service has no model {wanted!r:.80}; it has {', '.join(has[:10]) or 'none'}. "
        "Model.deploy(workspace, name, models) and service.update(models) give it others."
    )


def _in_service(name: str, version: str | None) -> Path | None:
    """The path in the folder that a web service gives to its script."""
    given = os.environ.get(MODEL_DIR)
    if not given:
        return None
    folder = Path(given)
    is_version = folder.parent.name == name and version in (None, folder.name)
    return _only_entry(folder) if is_version else _below(folder, name, version)


def _below(root: Path, name: str, version: str | None) -> Path | None:
    """``root/NAME/VERSION``, the highest version if None."""
    if not _is_plain(name) or (version is not None and not version.isdecimal()):
        return None
    folder = root / name
    there = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    versions = sorted((one for one in there if one.isdecimal()), key=int)
    chosen = [one for one in versions if version in (None, one)]
    return _only_entry(folder / chosen[-1]) if chosen else None


def _only_entry(folder: Path) -> Path:
    """The one file or folder in it, else the folder itself."""
    entries = [one for one in folder.iterdir() if not one.name.startswith(".")]
    return entries[0] if len(entries) == 1 else folder


def _is_plain(name: str) -> bool:
    """Whether a folder can have that name."""
    return 0 < len(name) <= 255 and name == Path(name).name and name not in (".", "..")


def _is_local(name: str) -> bool:
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):  # a name that is too long, or has NUL
        return False
