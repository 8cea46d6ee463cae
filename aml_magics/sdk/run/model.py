"""Registering a run's files as a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.services.model import model as models
from aml_magics.services.model.model import Registration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.workspace.workspace import Workspace


class RunModel:
    """``register_model``."""

    _workspace: Workspace
    _record: RunRecord

    def register_model(
        self,
        model_name: str,
        model_path: str | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        description: str | None = None,
        datasets: object = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: object = None,
        **_azure: object,
    ) -> Model:
        """Keep a file of the run, or a folder of its files, as the next version of a model.

        The files stay when the run is deleted. Nothing is loaded from them.

        Args:
            model_name: also the name of a folder where it is downloaded.
            model_path: its name among the run's files, such as ``outputs/model.pkl``; that of the
                model if None.
            tags: values by name, kept as text.
            properties: values by name, kept as text.
            model_framework: such as ``Model.Framework.SCIKITLEARN``.
            model_framework_version: its version.
            description: any text.
            datasets: accepted, and not kept; the samples and the resources neither.

        Raises:
            InvalidNameError: a name breaks its rule.
            ArtifactNotFoundError: the run has no file there; the message lists what it has.
        """
        del datasets, sample_input_dataset, sample_output_dataset, resource_configuration
        from aml_magics.sdk.model.model import Model

        path = str(model_path if model_path is not None else model_name)
        self._bring(path)
        wanted = Registration(
            model_name,
            path,
            tags or {},
            properties or {},
            description or "",
            model_framework,
            model_framework_version,
        )
        return Model._of(
            self._workspace, models.register(self._workspace.store, self._record, wanted)
        )

    def _bring(self, path: str) -> None:
        """Let what the run wrote and is not kept with it yet be kept."""
