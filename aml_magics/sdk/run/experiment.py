"""Experiments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.records.name import EXPERIMENT, check_name
from aml_magics.sdk import handles
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator, Mapping

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class Experiment:
    """A named series of runs; created at the first use of its name.

    Args:
        name: 1 to 255 printable characters.

    Raises:
        InvalidNameError: the name is invalid.
    """

    def __init__(self, workspace: Workspace, name: str, **_azure: object) -> None:
        self._workspace = workspace
        self._name = check_name(name, EXPERIMENT)
        self._record = experiments.ensure(workspace.store, name)

    @classmethod
    def _of(cls, workspace: Workspace, record: ExperimentRecord) -> Experiment:
        experiment = cls.__new__(cls)
        experiment._workspace, experiment._name, experiment._record = workspace, record.name, record
        return experiment

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self._name

    @property
    def id(self) -> str:
        """The experiment's id, a UUID."""
        return self._record.id

    @property
    def workspace(self) -> Workspace:
        """The experiment's workspace."""
        return self._workspace

    @property
    def workspace_object(self) -> Workspace:
        """The same as ``workspace``, for old code."""
        return self._workspace

    @property
    def tags(self) -> dict[str, str | None]:
        """The experiment's tags."""
        return dict(self._record.tags)

    @property
    def archived_time(self) -> str | None:
        """When it was archived, ISO 8601 in UTC, or None."""
        when = self._record.archived
        return None if when is None else datetime.fromtimestamp(when, UTC).isoformat()

    def start_logging(
        self,
        outputs: str | None = None,
        snapshot_directory: str | None = ".",
        *,
        display_name: str | None = None,
        run_id: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
        description: str = "",
        **_azure: object,
    ) -> Run:
        """Start a run that you log to and complete yourself.

        The folder ``./outputs`` exists while the run is live; its files are kept with the run when it
        completes. A folder that was created for the run and stayed empty is removed.

        Args:
            outputs: another folder in place of ``./outputs``.
            snapshot_directory: accepted; code is kept by ``%%aml_run`` and by submitted scripts.
            display_name: ``<experiment>-<number>`` if None.
            run_id: a random UUID if None.
            parameters: scalars by name.
            tags: text by name.
            properties: text by name; they cannot be changed.
            description: any text.
        """
        del snapshot_directory
        record = runs.start(
            self._workspace.store,
            self._name,
            name=display_name,
            run_id=run_id,
            params=parameters,
            tags=tags,
            properties=properties,
            description=description,
        )
        return Run._of(self._workspace, record, outputs=outputs or "outputs")

    def submit(
        self, config: object, tags: Mapping[str, str] | None = None, **options: object
    ) -> Run:
        """Queue a script run, a sweep or a pipeline and return its handle; it goes on without this process.

        Args:
            config: a ScriptRunConfig, an Estimator, a HyperDriveConfig or a Pipeline.
            options: of a pipeline: ``pipeline_parameters``, ``regenerate_outputs``, ``continue_on_step_failure``.

        Raises:
            SubmissionError: the configuration cannot be submitted.
        """
        return handles.ScriptRun._submit(self._workspace, self._name, config, tags, options=options)

    def get_runs(
        self,
        type: str | None = None,
        tags: Mapping[str, str] | str | None = None,
        properties: Mapping[str, str] | str | None = None,
        include_children: bool = False,
    ) -> Iterator[Run]:
        """The runs of the experiment, newest first, one at a time."""
        yield from Run.list(
            self, type=type, tags=tags, properties=properties, include_children=include_children
        )

    @staticmethod
    def list(
        workspace: Workspace,
        experiment_name: str | None = None,
        view_type: str = "ActiveOnly",
        tags: Mapping[str, str] | str | None = None,
    ) -> list[Experiment]:
        """The experiments of a workspace; ``view_type`` is ActiveOnly, ArchivedOnly or All."""
        archived = {"activeonly": False, "archivedonly": True}.get(
            str(view_type).rpartition(".")[2].replace("_", "").lower()
        )
        wanted = {tags: None} if isinstance(tags, str) else dict(tags or {})
        return [
            Experiment._of(workspace, record)
            for record in experiments.list_experiments(workspace.store, archived=archived)
            if experiment_name in (None, record.name)
            and all(
                name in record.tags and value in (None, record.tags[name])
                for name, value in wanted.items()
            )
        ]

    @staticmethod
    def delete(workspace: Workspace, experiment_id: str) -> None:
        """Delete an experiment with its runs and their files.

        Raises:
            ExperimentNotFoundError: no experiment has that id.
            RunStateError: one of its runs is still open.
        """
        experiments.delete(workspace.store, experiments.by_id(workspace.store, experiment_id))

    def archive(self) -> None:
        """Hide the experiment from listings; its runs stay."""
        experiments.archive(self._workspace.store, self._record)
        self.refresh()

    def reactivate(self, new_name: str | None = None) -> None:
        """Show the experiment in listings again, optionally under another name."""
        experiments.archive(self._workspace.store, self._record, back=True)
        if new_name:
            experiments.rename(self._workspace.store, self._record, new_name)
            self._name = new_name
        self.refresh()

    def refresh(self) -> None:
        """Read the experiment again from the store."""
        self._record = experiments.get(self._workspace.store, self._name)

    def tag(self, key: str, value: str | None = None) -> None:
        """Set one tag."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, str | None]) -> None:
        """Set tags; others stay."""
        self.refresh()
        experiments.set_tags(self._workspace.store, self._record, {**self._record.tags, **tags})
        self.refresh()

    def remove_tags(self, tags: builtins.list[str]) -> None:
        """Remove tags by name."""
        self.refresh()
        left = {name: value for name, value in self._record.tags.items() if name not in tags}
        experiments.set_tags(self._workspace.store, self._record, left)
        self.refresh()

    def get_portal_url(self) -> str:
        """The command that shows the experiment; there is no portal offline."""
        return f"aml-magics runs --experiment {self._name!r}"

    def __repr__(self) -> str:
        return f"Experiment(Name: {self.name},\nWorkspace: {self.workspace.name})"

    def _repr_html_(self) -> str:
        from aml_magics.views.run.static_handle import experiment_handle_html

        return experiment_handle_html(name=self.name, workspace=self.workspace.name)


class Experiments(Collection[Experiment]):
    """The experiments of a workspace."""

    def __getitem__(self, name: str) -> Experiment:
        return Experiment._of(self._workspace, experiments.get(self._workspace.store, name))

    def _drawn(self) -> dict[str, Any]:
        from aml_magics.views.run.experiments import experiments_view
        from aml_magics.views.run.static_table import experiments_page

        return {"text/html": experiments_page(experiments_view(self._workspace.store)).html}

    def _names(self) -> list[str]:
        return [record.name for record in experiments.list_experiments(self._workspace.store)]
