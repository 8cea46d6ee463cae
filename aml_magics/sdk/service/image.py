"""Images of Azure ML SDK v1's first years: models and a scoring script under a name and a version."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aml_magics.errors import WebserviceError
from aml_magics.sdk import handles
from aml_magics.sdk.model.argument import has_labels
from aml_magics.sdk.service.image_config import ContainerImageConfig, packed_deployment
from aml_magics.services.image import context, registry
from aml_magics.services.image.edge import manifest

if TYPE_CHECKING:
    import builtins
    import os
    from collections.abc import Mapping, Sequence

    from aml_magics.records.image import ImageRecord
    from aml_magics.sdk.environment.section import ContainerRegistry
    from aml_magics.sdk.model.argument import Labels
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig
    from aml_magics.sdk.workspace.workspace import Workspace

SUCCEEDED: Final = "Succeeded"


class Image:
    """Models, a scoring script and an environment, fixed under a name and a version.

    ``Image(workspace, name)`` is the newest version; ``id`` is ``name:version``. On this machine a service of an
    image runs its content without a container; :meth:`save` writes what builds one.

    Raises:
        ImageNotFoundError: no such image.
        WebserviceError: neither ``name`` nor ``id`` is given.
    """

    def __init__(
        self,
        workspace: Workspace,
        name: str | None = None,
        id: str | None = None,
        tags: Labels | None = None,
        properties: Labels | None = None,
        version: int | str | None = None,
    ) -> None:
        if name is None and id is None:
            raise WebserviceError(
                "An image is found by its name or its id: Image(workspace, name)."
            )
        self.workspace = workspace
        number = None if version is None else int(version)
        if id is not None:
            self._record = registry.find(workspace.store, id)
        elif tags is None and properties is None:
            self._record = registry.get(workspace.store, str(name), number)
        else:
            found = Image.list(workspace, name, tags=tags, properties=properties)
            fitting = [one for one in found if number in (None, one.version)]
            if not fitting:
                registry.get(workspace.store, str(name), number)  # says so if there is none at all
                raise WebserviceError(
                    f"No version of image {name!r:.80} has these tags and properties."
                )
            self._record = fitting[0]._record

    @classmethod
    def _of(cls, workspace: Workspace, record: ImageRecord) -> Image:
        made = ContainerImage.__new__(ContainerImage)
        made.workspace, made._record = workspace, record
        return made

    @staticmethod
    def create(
        workspace: Workspace,
        name: str,
        models: Sequence[Model],
        image_config: ScoringConfig,
    ) -> Image:
        """Make the next version of an image.

        Raises:
            ModelNotFoundError: a model is not registered.
            WebserviceError: a file of the configuration is missing.
            InvalidNameError: the name breaks its rule.
        """
        deployment = packed_deployment(workspace, models, image_config, "Image.create")
        made = registry.create(
            workspace.store,
            name,
            deployment,
            description=getattr(image_config, "description", None) or "",
            tags=getattr(image_config, "tags", None),
            properties=getattr(image_config, "properties", None),
        )
        return Image._of(workspace, made)

    @staticmethod
    def image_configuration(*_arguments: object, **_named: object) -> ContainerImageConfig:
        """Refused: a kind of image has it, as ``ContainerImage.image_configuration``."""
        raise WebserviceError("Use ContainerImage.image_configuration(execution_script, runtime).")

    @staticmethod
    def list(
        workspace: Workspace,
        image_name: str | None = None,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Labels | None = None,
        properties: Labels | None = None,
    ) -> builtins.list[Image]:
        """All versions of all images that match, newest first."""
        found = registry.images(
            workspace.store, image_name, model_name=model_name, model_id=model_id
        )
        return [
            Image._of(workspace, one)
            for one in found
            if has_labels(one.tags, tags) and has_labels(one.properties, properties)
        ]

    # -- what is known of it ------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The image's name."""
        return self._record.name

    @property
    def version(self) -> int:
        """The version, counted from 1."""
        return self._record.version

    @property
    def id(self) -> str:
        """``name:version``."""
        return self._record.id

    @property
    def description(self) -> str:
        """Any text about it."""
        return self._record.description

    @property
    def tags(self) -> dict[str, str | None]:
        """The tags; all values are text."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str | None]:
        """The properties; all values are text."""
        return dict(self._record.properties)

    @property
    def created_time(self) -> datetime:
        """The time of its creation, in UTC."""
        return datetime.fromtimestamp(self._record.created, UTC)

    @property
    def creation_state(self) -> str:
        """``Succeeded``: an image is there as soon as it has a version."""
        return SUCCEEDED

    @property
    def image_type(self) -> str:
        """``Docker``, as in Azure."""
        return "Docker"

    @property
    def image_flavor(self) -> str:
        """``WebApiContainer``, as in Azure."""
        return "WebApiContainer"

    @property
    def image_location(self) -> str:
        """The name under which an engine builds it."""
        return f"{self.name.lower()}:{self.version}"

    @property
    def image_build_log_uri(self) -> None:
        """None: nothing was built."""
        return

    @property
    def generated_dockerfile_uri(self) -> None:
        """None: :meth:`save` writes one, and ``%aml image NAME`` shows it."""
        return

    @property
    def model_ids(self) -> builtins.list[str]:
        """The ids of its models."""
        return builtins_list(self._record.deployment.models)

    @property
    def models(self) -> builtins.list[Model]:
        """Its models; raises ModelNotFoundError for one that is gone."""
        return [handles.Model(self.workspace, id=one) for one in self.model_ids]

    # -- changed ------------------------------------------------------------------------------

    def wait_for_creation(self, show_output: bool = False) -> None:
        """Return at once: it is there."""
        if show_output:
            print(f"Image creation operation finished for image {self.id}, operation {SUCCEEDED!r}")

    def update_creation_state(self) -> None:
        """Read it again; raises ImageNotFoundError if it is deleted."""
        self._record = registry.get(self.workspace.store, self.name, self.version)

    def add_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags."""
        self._record = registry.edit(self.workspace.store, self._record, tags=tags)

    def remove_tags(self, tags: str | Sequence[str]) -> None:
        """Remove tags by name."""
        names = [tags] if isinstance(tags, str) else tags
        self._record = registry.edit(self.workspace.store, self._record, removed_tags=names)

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Set properties; each keeps its first value. Raises PropertyExistsError."""
        self._record = registry.edit(self.workspace.store, self._record, properties=properties)

    def update(self, tags: Mapping[str, Any]) -> None:
        """Replace all tags."""
        self._record = registry.edit(self.workspace.store, self._record, all_tags=tags)

    def delete(self) -> None:
        """Delete it; raises ImageInUseError while a service runs it."""
        registry.delete(self.workspace.store, self._record)

    def iot_manifest(
        self,
        module: str,
        image: str | None = None,
        **options: Any,  # noqa: ANN401 -- handed on
    ) -> dict[str, Any]:
        """The deployment manifest that lets an IoT Edge device run it as a module.

        Args:
            image: its address in the registry that it was pushed to; its own name if None.
            options: ``port``, ``variables``, ``routes`` and ``registry`` of
                :func:`aml_magics.services.image.edge.manifest`.
        """
        return manifest(image or self.image_location, module, **options)

    def save(self, output_directory: str | os.PathLike[str]) -> None:
        """Write what docker, podman or buildah builds it from into a folder that is empty or not there.

        Raises:
            AlreadyExistsError: the folder holds something.
            EnvironmentBuildError: no versions fit the environment.
        """
        context.write(
            self.workspace.store, self._record.deployment, Path(output_directory), self.name
        )

    def serialize(self) -> dict[str, Any]:
        """All that is known of it, as JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "description": self.description,
            "tags": self.tags,
            "properties": self.properties,
            "createdTime": self.created_time.isoformat(),
            "creationState": self.creation_state,
            "imageType": self.image_type,
            "imageFlavor": self.image_flavor,
            "imageLocation": self.image_location,
            "modelIds": self.model_ids,
            "driverProgram": self._record.deployment.entry_script,
            "assets": [one.name for one in self._record.deployment.code],
            "workspaceName": self.workspace.name,
        }

    @staticmethod
    def deserialize(workspace: Workspace, image_payload: Mapping[str, Any]) -> Image:
        """The image that :meth:`serialize` described; raises ImageNotFoundError."""
        return Image._of(workspace, registry.find(workspace.store, str(image_payload["id"])))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(workspace={self.workspace.name!r}, name={self.name!r}, id={self.id!r}, models={self.model_ids!r})"


builtins_list = list  # in the class `list` is Azure's method


class ContainerImage(Image):
    """An image of a web service."""

    @property
    def driver_program(self) -> str:
        """The scoring script."""
        return self._record.deployment.entry_script

    @property
    def assets(self) -> builtins.list[str]:
        """The names of its files."""
        return [one.name for one in self._record.deployment.code]

    @property
    def target_runtime(self) -> dict[str, Any]:
        """The runtime, and the environment as Azure writes it."""
        return {"runtimeType": "Python", "environment": self._record.deployment.environment}

    @staticmethod
    def image_configuration(  # type: ignore[override] # the parent has none of its own
        execution_script: str,
        runtime: str,
        conda_file: str | None = None,
        docker_file: str | None = None,
        schema_file: str | None = None,
        dependencies: Sequence[str] | None = None,
        enable_gpu: bool | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        base_image: str | None = None,
        base_image_registry: ContainerRegistry | None = None,
        cuda_version: str | None = None,
    ) -> ContainerImageConfig:
        """What an image is made from.

        Args:
            execution_script: a Python file with ``init()`` and ``run(data)``.
            runtime: ``python`` or ``spark-py``.
            conda_file: the packages.
            docker_file: steps of a Dockerfile, for :meth:`Model.package`.
            schema_file: a file that the script finds beside it.
            dependencies: more files and folders.

        Raises:
            WebserviceError: a file is missing, or the runtime is unknown.
        """
        warnings.warn(
            "ContainerImage is of the old style; InferenceConfig and Model.deploy take its place.",
            DeprecationWarning,
            stacklevel=2,
        )
        return ContainerImageConfig(
            execution_script,
            runtime,
            conda_file,
            docker_file,
            schema_file,
            tuple(dependencies or ()),
            enable_gpu,
            tags,
            properties,
            description,
            base_image,
            base_image_registry,
            cuda_version,
        )

    def run(self, input_data: object) -> NoReturn:
        """Refused: a service answers, as ``Webservice.deploy_from_image(workspace, name, image).run(input_data)``."""
        del input_data
        raise WebserviceError(
            f"Image {self.id!r} does not run by itself: deploy it, by "
            "Webservice.deploy_from_image(workspace, name, image), and call service.run(input_data)."
        )
