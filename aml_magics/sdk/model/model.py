"""Registered models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import InvalidArgumentError, ModelNotFoundError, UsageError, described
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.model import model as models

if TYPE_CHECKING:
    import builtins
    import os
    from collections.abc import Sequence

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


class Model:
    """Files of a run, under a name and a version that counts up.

    ``Model(workspace, name)`` is the newest version; ``id`` is ``name:version``, and the other
    arguments narrow the choice. Models are never loaded: they are files.

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
        tags: Mapping[str, str] | Sequence[str | Sequence[str]] | str | None = None,
        properties: Mapping[str, str] | Sequence[str | Sequence[str]] | str | None = None,
        version: int | str | None = None,
        run_id: str | None = None,
        model_framework: str | None = None,
        expand: bool = True,
        **_azure: object,
    ) -> None:
        if id is not None:
            name, _, version = str(id).rpartition(":")
        if not name:
            raise UsageError(
                f"Model(workspace, name) needs a name, or id='name:version'; it got name={name!r}, id={id!r}."
            )
        found = models.get(workspace.store, name, version)
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
                raise ModelNotFoundError(
                    f"ModelNotFound: no version of model {name!r} has these tags, properties, run and framework; "
                    f"Model.list(workspace, {name!r}) lists all."
                )
            found = max(matching, key=lambda one: one.version)
        self._workspace: Workspace = workspace
        self._record: ModelRecord = found

    @classmethod
    def _of(cls, workspace: Workspace, record: ModelRecord) -> Model:
        model = cls.__new__(cls)
        model._workspace, model._record = workspace, record
        return model

    @classmethod
    def _register(cls, workspace: Workspace, run: RunRecord, **wanted: Any) -> Model:  # noqa: ANN401 -- fields of a Registration
        record = models.register(workspace.store, run, models.Registration(**wanted))
        return cls._of(workspace, record)

    @staticmethod
    def list(
        workspace: Workspace,
        name: str | None = None,
        tags: Mapping[str, str] | Sequence[str | Sequence[str]] | str | None = None,
        properties: Mapping[str, str] | Sequence[str | Sequence[str]] | str | None = None,
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
            dataset_id: accepted; models record no datasets.
            expand: accepted as in Azure.
            page_count: accepted as in Azure.
            model_framework: only of this framework.
        """
        del dataset_id, expand, page_count
        found = models.list_models(workspace.store, name, run_id=run_id)
        if latest:
            newest: dict[str, int] = {}
            for one in found:
                newest[one.name] = max(one.version, newest.get(one.name, 0))
            found = [one for one in found if newest[one.name] == one.version]
        return [
            Model._of(workspace, one)
            for one in found
            if _has(one.tags, tags)
            and _has(one.properties, properties)
            and model_framework in (None, one.framework)
        ]

    @property
    def workspace(self) -> Workspace:
        """The model's workspace."""
        return self._workspace

    @property
    def name(self) -> str:
        """The model's name."""
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
    def tags(self) -> dict[str, str | None]:
        """The tags from its registration."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str | None]:
        """The properties from its registration; all values are text."""
        return dict(self._record.properties)

    @property
    def description(self) -> str:
        """Any text about it."""
        return self._record.description

    @property
    def model_framework(self) -> str | None:
        """The framework named at its registration."""
        return self._record.framework

    @property
    def model_framework_version(self) -> str | None:
        """The version of that framework."""
        return self._record.framework_version

    @property
    def created_time(self) -> datetime:
        """The time of its registration, in UTC."""
        return datetime.fromtimestamp(self._record.created, UTC)

    @property
    def run_id(self) -> str:
        """The id of the run that made it; the run may be deleted."""
        return self._record.run_id

    @property
    def run(self) -> Run:
        """The run that made it.

        Raises:
            RunNotFoundError: the run is deleted.
        """
        return self._workspace.get_run(self._record.run_id)

    @property
    def experiment_name(self) -> str:
        """The experiment of that run."""
        return self._record.experiment

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
            StoreCorruptError: the stored bytes are damaged.
        """
        may_replace = exist_ok if exists_ok is None else exists_ok
        return str(
            models.download(
                self._workspace.store, self._record, Path(target_dir), exist_ok=may_replace
            )
        )

    def __repr__(self) -> str:
        return (
            f"Model(workspace={self._workspace!r}, name={self.name}, id={self.id}, version={self.version}, "
            f"tags={self.tags}, properties={self.properties})"
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Model) and self.id == other.id and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        return hash(self.id)


class Models(Collection[Model]):
    """The models of a workspace, each in its newest version."""

    def __getitem__(self, name: str) -> Model:
        return Model(self._workspace, name)

    def _names(self) -> list[str]:
        return models.names(self._workspace.store)


class ResourceConfiguration:
    """Resources of a machine.

    Args:
        cpu: cores, also fractions.
        memory_in_gb: memory, GB.
        gpu: number of GPUs.

    Raises:
        InvalidArgumentError: a value is not a positive number.
    """

    def __init__(
        self, cpu: float | None = None, memory_in_gb: float | None = None, gpu: int | None = None
    ) -> None:
        for name, value in (("cpu", cpu), ("memory_in_gb", memory_in_gb), ("gpu", gpu)):
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if value is not None and not (is_number and value > 0):
                raise InvalidArgumentError(
                    f"{name} of a ResourceConfiguration is a number above 0, or None; not {described(value)}."
                )
        self.cpu = cpu
        self.memory_in_gb = memory_in_gb
        self.gpu = gpu

    def serialize(self) -> dict[str, Any]:
        """The same as a dict of JSON types."""
        return {"cpu": self.cpu, "memoryInGB": self.memory_in_gb, "gpu": self.gpu}

    @classmethod
    def deserialize(cls, payload_obj: Mapping[str, Any] | None) -> Self | None:
        """Restore from the result of ``serialize``; None from None."""
        if payload_obj is None:
            return None
        return cls(*(payload_obj.get(key) for key in ("cpu", "memoryInGB", "gpu")))

    def __repr__(self) -> str:
        return f"ResourceConfiguration(cpu={self.cpu}, memory_in_gb={self.memory_in_gb}, gpu={self.gpu})"


def _has(kept: Mapping[str, Any], wanted: Any) -> bool:  # noqa: ANN401 -- the forms that Azure takes
    """Whether all wanted keys exist, with their values if given."""
    if wanted is None:
        return True
    if isinstance(wanted, str):
        wanted = [wanted]
    pairs = wanted.items() if isinstance(wanted, Mapping) else [_pair(one) for one in wanted]
    return all(key in kept and (value is None or kept[key] == str(value)) for key, value in pairs)


def _pair(one: str | Sequence[str]) -> tuple[str, str | None]:
    if isinstance(one, str):
        return one, None
    key, *rest = one
    return key, rest[0] if rest else None
