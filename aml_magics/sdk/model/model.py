"""Registered models."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import ModelNotFoundError, StoreError, UsageError
from aml_magics.sdk.model.argument import check_workspace, has_labels, registration_of
from aml_magics.sdk.model.deployment import ModelDeployment
from aml_magics.sdk.model.editing import ModelEditing
from aml_magics.sdk.model.location import model_path as find_model_path
from aml_magics.sdk.run import context
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.model import files, registration, registry
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    import builtins
    import os
    from collections.abc import Mapping, Sequence

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk import handles
    from aml_magics.sdk.model.argument import Labels, References
    from aml_magics.sdk.model.resource_configuration import ResourceConfiguration
    from aml_magics.sdk.workspace.workspace import Workspace


class Model(ModelEditing, ModelDeployment):
    """Files under a name and a version that counts up.

    ``Model(workspace, name)`` is the newest version; ``id`` is ``name:version``, and the other
    arguments narrow the choice. Models are never loaded: they are files.

    Args:
        version: a number, or an alias such as ``champion``.

    Raises:
        ModelNotFoundError: no such model.
        UsageError: neither ``name`` nor ``id`` is given.
    """

    class Framework:
        """Names of frameworks."""

        CUSTOM = "Custom"
        TENSORFLOW = "TensorFlow"
        SCIKITLEARN = "ScikitLearn"
        ONNX = "Onnx"
        PYTORCH = "PyTorch"
        TFKERAS = "TfKeras"
        MULTI = "Multi"

    def __init__(
        self,
        workspace: Workspace,
        name: str | None = None,
        id: str | None = None,
        tags: Labels | None = None,
        properties: Labels | None = None,
        version: int | str | None = None,
        run_id: str | None = None,
        model_framework: str | None = None,
        expand: bool = True,
        **_azure: object,
    ) -> None:
        check_workspace(workspace, "Model(workspace, name)")
        if id is not None:
            name, _, version = str(id).rpartition(":")
            if not name:
                raise UsageError(
                    f"The id of a model is 'name:version', not {id!r}; Model(workspace, name) is the newest version."
                )
        if not name:
            raise UsageError(
                f"Model(workspace, name) needs a name, or id='name:version'; it got name={name!r}, id={id!r}."
            )
        found = registry.get(workspace.store, name, version)
        if tags is not None or properties is not None or run_id is not None or model_framework:
            versions = Model.list(
                workspace, name, tags, properties, run_id, model_framework=model_framework
            )
            matching = [
                one._record
                for one in versions
                if version is None or one._record.version == found.version
            ]
            if not matching:
                given = {"version": version, "tags": tags, "properties": properties}
                given |= {"run_id": run_id, "model_framework": model_framework}
                asked = ", ".join(f"{one}={value!r:.80}" for one, value in given.items() if value)
                raise ModelNotFoundError(
                    f"ModelNotFound: no version of model {name!r:.80} has {asked}; "
                    f"Model.list(workspace, {name!r:.80}) lists all."
                )
            found = max(matching, key=lambda one: one.version)
        self._workspace = workspace
        self._record = found

    @classmethod
    def _of(cls, workspace: Workspace, record: ModelRecord) -> Model:
        model = cls.__new__(cls)
        model._workspace, model._record = workspace, record
        return model

    # -- registered and found -----------------------------------------------------------------

    @staticmethod
    def register(
        workspace: Workspace,
        model_path: str | os.PathLike[str],
        model_name: str,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        datasets: References | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        child_paths: Sequence[str] | None = None,
        sample_input_dataset: handles.AbstractDataset | None = None,
        sample_output_dataset: handles.AbstractDataset | None = None,
        resource_configuration: ResourceConfiguration | None = None,
    ) -> Model:
        """Register files of this machine as the next version of a model.

        Inside a run of this workspace the model belongs to that run.

        Args:
            model_path: a file, a folder, or a pattern with ``*``, ``?``, ``[…]`` and ``**``.
            model_name: also the name of the folder it is downloaded to.
            tags: values by name, kept as text; they can be changed later.
            properties: values by name, kept as text; they cannot be changed later.
            description: any text.
            datasets: what it was made with: ``[("training data", dataset)]``.
            model_framework: such as ``Model.Framework.SCIKITLEARN``.
            child_paths: the only files, folders and patterns to take, relative to the folder ``model_path``.
            sample_input_dataset: rows as they are sent to be scored.
            sample_output_dataset: what is answered.
            resource_configuration: what one copy needs when it is deployed.

        Raises:
            InvalidNameError: a name is invalid.
            ArtifactNotFoundError: there is no such file, or the folder is empty.
            InvalidPathError: a link leads out of the folder, or something is no ordinary file.
        """
        check_workspace(workspace, "Model.register")
        wanted = registration_of(
            workspace,
            model_name,
            tags=tags,
            properties=properties,
            description=description,
            datasets=datasets,
            model_framework=model_framework,
            model_framework_version=model_framework_version,
            sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
        )
        children = [child_paths] if isinstance(child_paths, str) else child_paths
        print(f"Registering model {model_name}")
        run_id = context.run_id_in(workspace)
        run = runs.get(workspace.store, run_id) if run_id else None
        record = registration.register_local_files(
            workspace.store, model_path, wanted, children=children, run=run
        )
        return Model._of(workspace, record)

    @classmethod
    def _register_run_files(
        cls,
        workspace: Workspace,
        run: RunRecord,
        path: str,
        name: str,
        **described: Any,  # noqa: ANN401 -- the other arguments of `register`
    ) -> Model:
        wanted = registration_of(workspace, name, **described)
        return cls._of(
            workspace, registration.register_run_files(workspace.store, run, path, wanted)
        )

    @staticmethod
    def list(
        workspace: Workspace,
        name: str | None = None,
        tags: Labels | None = None,
        properties: Labels | None = None,
        run_id: str | None = None,
        latest: bool = False,
        dataset_id: str | None = None,
        expand: bool = True,
        page_count: int = 255,
        model_framework: str | None = None,
    ) -> builtins.list[Model]:
        """All versions of all models, newest first.

        Args:
            name: only of this name.
            tags: only with all of these, each ``"key"`` or ``["key", "value"]``.
            properties: likewise.
            run_id: only those of a run.
            latest: only the newest version of each name.
            dataset_id: only those that were made with this dataset.
            expand: accepted as in Azure.
            page_count: accepted as in Azure.
            model_framework: only of this framework.
        """
        del expand, page_count
        check_workspace(workspace, "Model.list")
        found = registry.list_models(workspace.store, name, run_id=run_id, dataset_id=dataset_id)
        if latest:
            newest: dict[str, int] = {}
            for one in found:
                newest[one.name] = max(one.version, newest.get(one.name, 0))
            found = [one for one in found if newest[one.name] == one.version]
        return [
            Model._of(workspace, one)
            for one in found
            if has_labels(one.tags, tags)
            and has_labels(one.properties, properties)
            and model_framework in (None, one.framework)
        ]

    @staticmethod
    def get_model_path(
        model_name: str, version: int | str | None = None, _workspace: Workspace | None = None
    ) -> str:
        """The path of a model's file, or of its folder.

        In a web service that is where the service has it, and no other model is found. Else the model is copied from the registry to
        ``azureml-models/NAME/VERSION`` in the current folder, and checked there by its content each time. Without a
        workspace it is what that folder has, or a file or folder of this name in the current one.

        Args:
            version: the newest if None.

        Raises:
            ModelNotFoundError: the model is in none of these places.
            StoreCorruptError: the stored bytes are damaged.
        """
        return str(find_model_path(model_name, version, _workspace))

    # -- its files ----------------------------------------------------------------------------

    def download(
        self,
        target_dir: str | os.PathLike[str] = ".",
        exist_ok: bool = False,
        exists_ok: bool | None = None,
    ) -> str:
        """Copy the model's file or folder into a folder, and return its path there.

        Args:
            target_dir: created if missing.
            exist_ok: whether existing files are replaced.
            exists_ok: the older name of ``exist_ok``.

        Raises:
            AlreadyExistsError: a file or folder of its name exists.
            InvalidPathError: ``target_dir`` is a file, or cannot be written.
            StoreCorruptError: the stored bytes are damaged.
        """
        may_replace = exist_ok if exists_ok is None else exists_ok
        target = Path(target_dir)
        return str(
            files.download(self._workspace.store, self._record, target, exist_ok=may_replace)
        )

    def get_sas_urls(self) -> dict[str, str]:
        """The address of each file by its name, where the workspace keeps it; read them, and change nothing there."""
        found = {}
        for one in self._record.files:
            path = self._workspace.store.blobs.local_path(one.digest)
            found[one.name] = path.as_uri() if path else self._workspace.store.blobs.url
        return found

    @staticmethod
    def deserialize(workspace: Workspace, model_payload: Mapping[str, Any]) -> Model:
        """The model that ``serialize`` described; raises ModelNotFoundError if it is gone."""
        return Model(workspace, id=model_payload.get("id"))

    # -- shown --------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        from aml_magics.views.model.output import model_output

        with suppress(StoreError):  # the plain text says what this process knows
            bundle = model_output(self._workspace.store, self._record).bundle()
            del bundle["text/plain"]  # there Azure's own form stands
            return bundle
        return None


class Models(Collection[Model]):
    """The models of a workspace, each in its newest version."""

    def __getitem__(self, name: str) -> Model:
        return Model(self._workspace, name)

    def _drawn(self) -> dict[str, Any]:
        from aml_magics.views.model.output import models
        from aml_magics.views.model.subject import ModelsSubject

        output = models(self._workspace.store, ModelsSubject())
        return {**output.payload(), "text/html": output.html}

    def _names(self) -> list[str]:
        return registry.names(self._workspace.store)
