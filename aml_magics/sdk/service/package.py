"""A model packaged for containers elsewhere."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import WebserviceError
from aml_magics.sdk.environment.section import ContainerRegistry
from aml_magics.sdk.service.deployment import check_workspace
from aml_magics.sdk.service.image_config import packed_deployment
from aml_magics.services.image import context, engine
from aml_magics.services.image.edge import manifest

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from aml_magics.records.service import Deployment
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig
    from aml_magics.sdk.workspace.workspace import Workspace

SUCCEEDED: Final = "Succeeded"


class ModelPackage:
    """A build context of models, their scoring code and a pinned environment; ``Model.package`` makes one.

    :meth:`save` writes it into a folder: a Dockerfile and all that it copies. :meth:`pull` builds the image where
    docker, podman or buildah works.

    Raises:
        EnvironmentBuildError: no versions fit the environment.
        StoreCorruptError: a file of a model has changed.
    """

    def __init__(
        self,
        workspace: Workspace,
        deployment: Deployment,
        image_name: str = "",
        image_label: str = "",
        *,
        is_dockerfile: bool = False,
    ) -> None:
        self.workspace = workspace
        self._is_dockerfile = is_dockerfile
        self._tag = f"{image_name or 'package'}:{image_label or 'latest'}".lower()
        folder = tempfile.mkdtemp(prefix="aml-package-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        place = Path(folder) / "context"
        made = context.write(workspace.store, deployment, place, image_name or "package")
        self._context = made.folder
        self._log = [*made.notes, f"Wrote the build context: {', '.join(made.files)}."]

    @classmethod
    def _of_models(
        cls,
        workspace: Workspace,
        models: Sequence[Model],
        config: ScoringConfig | None,
        image_name: str | None,
        image_label: str | None,
        *,
        is_dockerfile: bool,
    ) -> ModelPackage:
        check_workspace(workspace, "Model.package")
        deployment = packed_deployment(workspace, models, config, "Model.package")
        return cls(
            workspace, deployment, image_name or "", image_label or "", is_dockerfile=is_dockerfile
        )

    @property
    def state(self) -> str:
        """``Succeeded``: a package that could not be made raised why."""
        return SUCCEEDED

    @property
    def location(self) -> str:
        """The name of the image, or the folder of the build context."""
        return str(self._context) if self._is_dockerfile else self._tag

    def wait_for_creation(self, show_output: bool = False) -> None:
        """Return at once: it is there."""
        if show_output:
            print("\n".join(self._log))
            print(f"Package creation {SUCCEEDED}")

    def get_logs(self, decode: bool = True, offset: int = 0) -> str | bytes:
        """What was done, with the engine's output after :meth:`pull`."""
        text = "\n".join(self._log)[offset:]
        return text if decode else text.encode()

    def get_container_registry(self) -> ContainerRegistry:
        """The registry of the image: empty, since it stays on this machine."""
        return ContainerRegistry()

    def pull(self) -> str:
        """Build the image on this machine and return its name.

        Raises:
            WebserviceError: the package was made with ``generate_dockerfile``.
            ContainerEngineError: no engine works here, or it failed; the message says why.
        """
        if self._is_dockerfile:
            raise WebserviceError(
                "A package that was made with generate_dockerfile=True is a folder: use save(output_directory)."
            )
        engine.build(engine.find(), self._context, self._tag, self._log.append)
        return self._tag

    def save(self, output_directory: str | os.PathLike[str]) -> None:
        """Write the build context into a folder that is empty or not there.

        Raises:
            WebserviceError: the folder holds something.
        """
        target = Path(output_directory)
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise WebserviceError(
                f"A build context is written into an empty folder, and {str(target)!r:.200} is not: name another."
            )
        shutil.copytree(self._context, target, dirs_exist_ok=True)

    def iot_manifest(
        self,
        module: str,
        image: str | None = None,
        **options: Any,  # noqa: ANN401 -- handed on
    ) -> dict[str, Any]:
        """The deployment manifest that lets an IoT Edge device run the image as a module; see ``Image.iot_manifest``."""
        return manifest(image or self._tag, module, **options)

    def serialize(self) -> dict[str, Any]:
        """All that is known of it, as JSON has it."""
        return {
            "state": self.state,
            "location": self.location,
            "workspaceName": self.workspace.name,
            "logs": self._log,
        }

    def __repr__(self) -> str:
        return f"ModelPackage(state={self.state!r}, location={self.location!r})"
