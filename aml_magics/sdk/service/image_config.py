"""What an image is made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import WebserviceError
from aml_magics.records.job import SourceFile
from aml_magics.sdk.service.deployment import base_deployment, model_ids
from aml_magics.sdk.service.inference_config import InferenceConfig, ScoringCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aml_magics.records.service import Deployment
    from aml_magics.sdk.environment.section import ContainerRegistry
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


@dataclass
class ContainerImageConfig:
    """What an image is made from; ``ContainerImage.image_configuration`` makes one.

    Raises:
        WebserviceError: a file is missing, or the runtime is unknown.
    """

    execution_script: str
    runtime: str
    conda_file: str | None = None
    docker_file: str | None = None
    schema_file: str | None = None
    dependencies: Sequence[str] = ()
    enable_gpu: bool | None = None
    tags: Mapping[str, Any] | None = None
    properties: Mapping[str, Any] | None = None
    description: str | None = None
    base_image: str | None = None
    base_image_registry: ContainerRegistry | None = None
    cuda_version: str | None = None
    image_flavor: str = field(default="WebApiContainer", init=False)

    def __post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        self._inference()
        for one in (self.schema_file, *self.dependencies):
            if one is not None and not Path(one).exists():
                raise WebserviceError(
                    f"{one!r:.200} is not there (the current folder is {Path.cwd()}); dependencies and schema_file "
                    "are paths of files and folders."
                )

    def _inference(self) -> InferenceConfig:
        return InferenceConfig(
            self.execution_script,
            runtime=self.runtime,
            conda_file=self.conda_file,
            extra_docker_file_steps=self.docker_file,
            enable_gpu=self.enable_gpu,
            description=self.description,
            base_image=self.base_image,
            base_image_registry=self.base_image_registry,
            cuda_version=self.cuda_version,
        )

    def _keep_code(self, store: Store) -> ScoringCode:
        """Keep the script and what it needs beside it; raises WebserviceError for what is gone."""
        self._check()
        code = self._inference()._keep_code(store)
        files = {one.name: one for one in code.files}
        for name, path in self._beside():
            with path.open("rb") as file:
                digest, size = store.blobs.put(file)
            files.setdefault(name, SourceFile(name, digest, size, 0o644))
        return ScoringCode(code.entry_script, tuple(files.values()), code.notice)

    def _definition(self) -> dict[str, Any] | None:
        """The environment as Azure writes it; None for the Python that deploys."""
        return self._inference()._definition()

    def _beside(self) -> Iterator[tuple[str, Path]]:
        """The files beside the script, and their names there."""
        for given in (self.schema_file, *self.dependencies):
            path = Path(given) if given else None
            if path is not None and path.is_dir():
                for one in sorted(path.rglob("*")):
                    if one.is_file() and "__pycache__" not in one.parts:
                        yield one.relative_to(path.parent).as_posix(), one
            elif path is not None:
                yield path.name, path


def packed_deployment(
    workspace: Workspace, models: Sequence[Model], config: ScoringConfig | None, call: str
) -> Deployment:
    """What an image of these models and this code holds; the code is kept in the workspace.

    Raises:
        ModelNotFoundError: a model is not registered.
        WebserviceError: a file is missing, or an argument has another type.
    """
    made, notice = base_deployment(workspace, model_ids(workspace, models, call), config)
    if notice:
        print(notice)
    requested = {"baseImage": getattr(config, "base_image", None)}
    steps = getattr(config, "docker_file", None) or getattr(config, "extra_docker_file_steps", None)
    if steps:
        folder = Path(getattr(config, "source_directory", None) or ".")
        requested["dockerSteps"] = (folder / steps).read_text(encoding="utf-8")
    kept = {name: value for name, value in requested.items() if value}
    return replace(made, requested={**made.requested, **kept})
