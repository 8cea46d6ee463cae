"""What a web service runs: its entry script and its environment."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidServiceError, described, did_you_mean
from aml_magics.records.job import SourceFile
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.environment.section import ContainerRegistry
from aml_magics.services.environment.registry import autosave_version
from aml_magics.services.job.source import keep_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

RUNTIMES: Final = ("python", "spark-py")
_OLD_STYLE: Final = (
    "runtime",
    "conda_file",
    "extra_docker_file_steps",
    "enable_gpu",
    "cuda_version",
    "base_image",
)
"""Arguments that say what an environment says, too."""


@dataclass(frozen=True, slots=True)
class ScoringCode:
    """The kept files of a service; ``entry_script`` is one of them, ``notice`` says what was left out."""

    entry_script: str
    files: tuple[SourceFile, ...]
    notice: str = ""


class InferenceConfig:
    """The entry script of a web service or an image, and the environment that it runs in.

    All paths are relative to ``source_directory``. Without one they are relative to the current folder, and the
    entry script is the only file that the service gets. Without an environment, a conda file and a runtime it
    runs with the Python that deploys it.

    Args:
        entry_script: a Python file with ``init()`` and ``run(data)``.
        runtime: ``python`` or ``spark-py``; of the old style.
        conda_file: the packages; of the old style.
        extra_docker_file_steps: a file with steps of a Dockerfile, for an image.
        source_directory: the folder that the service gets.
        enable_gpu: for an image.
        description: any text, for an image.
        base_image: for an image.
        base_image_registry: where the base image is.
        cuda_version: for an image; with ``enable_gpu``.
        environment: an Environment; in place of the arguments of the old style.

    Raises:
        InvalidServiceError: a file is missing or outside of ``source_directory``, the entry script is no Python, or
            arguments do not go together.
    """

    def __init__(
        self,
        entry_script: str | os.PathLike[str],
        runtime: str | None = None,
        conda_file: str | os.PathLike[str] | None = None,
        extra_docker_file_steps: str | os.PathLike[str] | None = None,
        source_directory: str | os.PathLike[str] | None = None,
        enable_gpu: bool | None = None,
        description: str | None = None,
        base_image: str | None = None,
        base_image_registry: ContainerRegistry | None = None,
        cuda_version: str | None = None,
        environment: Environment | None = None,
    ) -> None:
        self.entry_script = entry_script
        self.runtime = runtime
        self.conda_file = conda_file
        self.extra_docker_file_steps = extra_docker_file_steps
        self.source_directory = source_directory
        self.enable_gpu = enable_gpu
        self.description = description
        self.base_image = base_image
        self.base_image_registry = base_image_registry or ContainerRegistry()
        self.cuda_version = cuda_version
        self.environment = environment
        self.validate_configuration()

    def validate_configuration(self) -> None:
        """Check everything again; raises InvalidServiceError for the first thing that is wrong."""
        if self.source_directory is not None and not Path(self.source_directory).is_dir():
            raise InvalidServiceError(
                f"source_directory {str(self.source_directory)!r} is no folder (the current folder is {Path.cwd()})."
            )
        self._check_environment()
        if Path(self._file("entry_script")).suffix != ".py":
            raise InvalidServiceError(
                f"entry_script {str(self.entry_script)!r} is no Python file; its name ends in .py."
            )
        for name in ("conda_file", "extra_docker_file_steps"):
            if getattr(self, name) is not None:
                self._file(name)
        self.validation_script_content()

    def _check_environment(self) -> None:
        given = self.environment
        if given is not None and not isinstance(given, Environment):
            raise InvalidServiceError(
                "environment is an Environment, as Environment.get(workspace, name) gives it; "
                f"not {described(given)}."
            )
        old = [name for name in _OLD_STYLE if getattr(self, name)]
        if given is not None and old:
            raise InvalidServiceError(
                f"An environment has all of it: leave out {', '.join(old)}, or environment."
            )
        if self.runtime is not None and str(self.runtime).lower() not in RUNTIMES:
            near = did_you_mean(str(self.runtime), RUNTIMES)
            raise InvalidServiceError(
                f"runtime is {' or '.join(map(repr, RUNTIMES))}, not {described(self.runtime)}.{near}"
            )
        if self.cuda_version is not None and not self.enable_gpu:
            raise InvalidServiceError(
                f"cuda_version={self.cuda_version!r} needs enable_gpu=True; or leave it out."
            )

    def validation_script_content(self) -> None:
        """Check that the entry script is Python; raises InvalidServiceError with the line if it is not."""
        path = self._folder() / self._file("entry_script")
        try:
            with warnings.catch_warnings(action="ignore"):  # the service's log will have them
                ast.parse(path.read_bytes(), str(path))
        except (SyntaxError, ValueError) as error:
            where = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
            why = error.msg if isinstance(error, SyntaxError) else str(error)
            raise InvalidServiceError(
                f"entry_script {str(self.entry_script)!r}{where}: {why}. Mend it and deploy again."
            ) from None

    # -- what others make of it ---------------------------------------------------------------

    def _keep_code(self, store: Store) -> ScoringCode:
        """Keep the files that the service gets.

        Raises:
            InvalidServiceError: also where the entry script is left out of what is kept.
            SnapshotError: the folder is too large, or cannot be read.
        """
        self.validate_configuration()
        script = self._file("entry_script")
        if self.source_directory is None:
            path = self._folder() / script
            with path.open("rb") as file:
                digest, size = store.blobs.put(file)
            return ScoringCode(path.name, (SourceFile(path.name, digest, size, 0o644),))
        kept = keep_folder(store, self._folder())
        if script not in [one.name for one in kept.files]:
            why = [one.why for one in kept.left_out if one.name == script]
            raise InvalidServiceError(
                f"entry_script {script!r} is not among the files that are kept of {str(self.source_directory)!r}: "
                f"{why[0] if why and why[0] else 'a file there says to ignore it'}. Name another script, or change that."
            )
        return ScoringCode(script, kept.files, kept.notice)

    def _definition(self) -> dict[str, Any] | None:
        """The environment as Azure writes it; None for the Python that deploys."""
        made = self._environment()
        if made is None:
            return None
        written = made.to_dict()
        written["version"] = written.get("version") or autosave_version(written)
        return written

    def _environment(self) -> Environment | None:
        """The environment, also one of the old style."""
        if self.environment is not None or not (self.conda_file or self.base_image):
            return self.environment
        name = f"{Path(self.entry_script).stem}-environment"
        if self.conda_file is None:
            made = Environment(name)
        else:
            conda_file = self._folder() / self._file("conda_file")
            made = Environment.from_conda_specification(name, conda_file)
        if self.base_image is not None:
            made.docker.base_image = self.base_image
            made.docker.base_image_registry = self.base_image_registry
        return made

    def build_create_payload(
        self,
        workspace: Workspace,
        name: str,
        model_ids: Sequence[str],
    ) -> dict[str, Any]:
        """What Azure is sent to create an image, as a dict; the code is kept in the workspace."""
        code = self._keep_code(workspace.store)
        return {
            "name": name,
            "description": self.description,
            "imageType": "Docker",
            "modelIds": list(model_ids),
            "driverProgram": code.entry_script,
            "assets": [{"id": one.name, "url": one.digest} for one in code.files],
            "targetRuntime": {"runtimeType": self.runtime or "python"},
            "environment": self._definition(),
        }

    def build_profile_payload(
        self,
        profile_name: str,
        input_data: str | None = None,
        workspace: Workspace | None = None,
        models: Sequence[Model] | None = None,
        dataset_id: str | None = None,
        container_resource_requirements: object = None,
        description: str | None = None,
    ) -> dict[str, Any]:
        """What Azure is sent to profile a model, as a dict."""
        ids = [one.id for one in models or ()]
        image = None
        if workspace is not None:
            image = self.build_create_payload(workspace, profile_name, ids)
        needed = container_resource_requirements
        return {
            "name": profile_name,
            "description": description,
            "inputData": input_data,
            "datasetId": dataset_id,
            "modelIds": ids,
            "containerResourceRequirements": vars(needed) if needed is not None else None,
            "imageRequest": image,
        }

    def _folder(self) -> Path:
        return Path(self.source_directory or ".")

    def _file(self, argument: str) -> str:
        """The path of a file relative to the folder; raises InvalidServiceError if it is not there."""
        given = getattr(self, argument)
        if not given or (not hasattr(given, "__fspath__") and not isinstance(given, str)):
            raise InvalidServiceError(f"{argument} is the path of a file, not {described(given)}.")
        folder, path = self._folder(), Path(given)
        base = "the current folder" if self.source_directory is None else "source_directory"
        if not (folder / path).is_file():
            there = sorted(one.name for one in folder.glob(f"*{path.suffix}") if one.is_file())
            near = did_you_mean(path.name, there)
            if self.source_directory is not None and path.is_file():
                near = (
                    f" It is a path relative to source_directory: {str(folder)!r} has no such file."
                )
            raise InvalidServiceError(
                f"{argument} {str(given)!r} doesn't exist. It is a path relative to {base}, "
                f"{str(folder.absolute())!r}.{near}"
            )
        if self.source_directory is None:
            return str(path)
        whole, inside = folder.resolve(), (folder / path).resolve()
        if not inside.is_relative_to(whole):
            raise InvalidServiceError(
                f"{argument} {str(given)!r} is outside of source_directory {str(folder)!r}, which is all that the "
                "service gets; move the file there."
            )
        return inside.relative_to(whole).as_posix()

    def __repr__(self) -> str:
        where = (
            f", source_directory={str(self.source_directory)!r}" if self.source_directory else ""
        )
        name = self.environment.name if self.environment is not None else None
        with_ = f", environment={name!r}" if name else ""
        return f"InferenceConfig(entry_script={str(self.entry_script)!r}{where}{with_})"
