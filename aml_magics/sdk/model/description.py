"""What is known of a registered model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.sdk import handles
from aml_magics.sdk.model.resource_configuration import ResourceConfiguration

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


class ModelDescription:
    """The attributes of a model, as they were when it was found or last changed by this object."""

    _workspace: Workspace
    _record: ModelRecord

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
    def aliases(self) -> tuple[str, ...]:
        """The aliases that lead to this version, such as ``champion``."""
        return self._record.aliases

    @property
    def stage(self) -> str:
        """MLflow's stage: ``None``, ``Staging``, ``Production`` or ``Archived``."""
        return self._record.stage or "None"

    @property
    def tags(self) -> dict[str, str | None]:
        """The tags; all values are text."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str | None]:
        """The properties; all values are text."""
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
    def created_by(self) -> dict[str, str]:
        """Who registered it: ``userName`` is the user of the machine."""
        return {"userName": self._record.author}

    @property
    def run_id(self) -> str | None:
        """The id of the run that made it, None if none did; the run may be deleted."""
        return self._record.run_id or None

    @property
    def run(self) -> Run | None:
        """The run that made it, None if none did.

        Raises:
            RunNotFoundError: the run is deleted.
        """
        return self._workspace.get_run(self._record.run_id) if self._record.run_id else None

    @property
    def experiment_name(self) -> str | None:
        """The experiment of that run."""
        return self._record.experiment or None

    @property
    def datasets(self) -> dict[str, list[handles.AbstractDataset]]:
        """The datasets that it was made with, by purpose.

        Raises:
            DatasetNotFoundError: one is gone.
        """
        found: dict[str, list[handles.AbstractDataset]] = {}
        for one in self._record.datasets:
            dataset = handles.AbstractDataset.get_by_id(self._workspace, one.dataset_id)
            found.setdefault(one.purpose, []).append(dataset)
        return found

    @property
    def sample_input_dataset(self) -> handles.AbstractDataset | None:
        """Rows as they are sent to be scored."""
        return self._sample(self._record.sample_input)

    @property
    def sample_output_dataset(self) -> handles.AbstractDataset | None:
        """What is answered to the sample."""
        return self._sample(self._record.sample_output)

    @property
    def resource_configuration(self) -> ResourceConfiguration | None:
        """What one copy needs when it is deployed."""
        return ResourceConfiguration.deserialize(self._record.resources)

    @property
    def url(self) -> str:
        """Its address in the workspace."""
        return f"aml-magics://{self._workspace.name}/models/{self.name}/{self.version}"

    @property
    def unpack(self) -> bool:
        """Whether it is a folder."""
        return [one.name for one in self._record.files] != [self._record.path]

    @property
    def mime_type(self) -> str:
        """The type that Azure gives to all models."""
        return "application/x-python"

    @property
    def parent_id(self) -> None:
        """None: no model is converted from another here."""

    @property
    def derived_model_ids(self) -> list[str]:
        """Empty: no model is converted from another here."""
        return []

    def serialize(self) -> dict[str, Any]:
        """All that is known of it, as a dict of JSON types."""
        record = self._record
        return {
            "name": self.name,
            "id": self.id,
            "version": self.version,
            "framework": self.model_framework,
            "frameworkVersion": self.model_framework_version,
            "description": self.description,
            "tags": self.tags,
            "properties": self.properties,
            "createdTime": self.created_time.isoformat(),
            "createdBy": self.created_by,
            "experimentName": self.experiment_name,
            "runId": self.run_id,
            "datasets": [{"name": one.purpose, "id": one.dataset_id} for one in record.datasets],
            "sampleInputDatasetId": record.sample_input,
            "sampleOutputDatasetId": record.sample_output,
            "resourceRequirements": record.resources,
            "mimeType": self.mime_type,
            "unpack": self.unpack,
            "url": self.url,
            "parentModelId": self.parent_id,
            "derivedModelIds": self.derived_model_ids,
        }

    def _sample(self, id_: str | None) -> handles.AbstractDataset | None:
        return None if id_ is None else handles.AbstractDataset.get_by_id(self._workspace, id_)

    def __repr__(self) -> str:
        return (
            f"Model(workspace={self._workspace!r}, name={self.name}, id={self.id}, version={self.version}, "
            f"tags={self.tags}, properties={self.properties})"
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ModelDescription)
            and self.id == other.id
            and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        return hash(self.id)
