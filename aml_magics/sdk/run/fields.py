"""The fields of a run: status, tags, properties, parameters, description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.services.run import run as runs
from aml_magics.services.run.manage import deletion
from aml_magics.services.run.manage.edit import RunEdit, edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord, Scalar
    from aml_magics.sdk.workspace.workspace import Workspace


class RunFields:
    """The record of a run, field by field. Once set, a value survives ``kill -9`` and power loss."""

    _workspace: Workspace
    _record: RunRecord

    @property
    def record(self) -> RunRecord:
        """The record, read again from the store."""
        self._record = runs.get(self._workspace.store, self._record.id)
        return self._record

    @property
    def id(self) -> str:
        """The run's id."""
        return self._record.id

    @property
    def number(self) -> int:
        """The run's number in its experiment, counted from 1."""
        return self._record.number

    @property
    def name(self) -> str:
        """The run's display name."""
        return self._record.name

    @property
    def type(self) -> str | None:
        """Azure's run type; None for an interactive run."""
        return self._record.type

    @property
    def status(self) -> str:
        """The last known status; ``get_status()`` reads it again."""
        return str(self._record.status)

    def get_status(self) -> str:
        """Read the status again."""
        return str(self.record.status)

    @property
    def display_name(self) -> str:
        """The run's name for people; can be set."""
        return self._record.name

    @display_name.setter
    def display_name(self, name: str) -> None:
        self._edit(RunEdit(name=name))

    @property
    def description(self) -> str:
        """A description of the run; can be set."""
        return self.record.description

    @description.setter
    def description(self, text: str) -> None:
        self._edit(RunEdit(description=text))

    @property
    def starred(self) -> bool:
        """Whether the run is marked with a star; can be set."""
        return self.record.starred is not None

    @starred.setter
    def starred(self, is_on: bool) -> None:
        self._edit(RunEdit(starred=is_on))

    @property
    def archived(self) -> bool:
        """Whether the run is left out of lists."""
        return self.record.archived is not None

    def archive(self) -> None:
        """Leave the run out of lists and counts; it can still be found by its name and compared."""
        self._edit(RunEdit(archived=True))

    def unarchive(self) -> None:
        """Show the run in lists again."""
        self._edit(RunEdit(archived=False))

    def delete(self) -> None:
        """Delete the run with its children: it is in no list any more, and :meth:`restore` undoes it for 30 days.

        Raises:
            RunStateError: it has not ended.
        """
        deletion.delete(self._workspace.store, [self._record.id])

    def restore(self) -> None:
        """Undo :meth:`delete`."""
        [self._record] = deletion.restore(self._workspace.store, [self._record.id])

    def _edit(self, change: RunEdit) -> None:
        [self._record] = edit(self._workspace.store, [self._record.id], change)

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The run's parameters, by name."""
        return dict(self.record.params)

    def log_parameters(self, parameters: Mapping[str, Scalar]) -> None:
        """Set parameters of the run; others stay."""
        runs.add_params(self._workspace.store, self._record, parameters)

    @property
    def tags(self) -> dict[str, str | None]:
        """The run's tags."""
        return self.get_tags()

    def get_tags(self) -> dict[str, str | None]:
        """Read the tags again."""
        return dict(self.record.tags)

    def tag(self, key: str, value: str | None = None) -> None:
        """Set one tag; it survives ``kill -9`` and power loss."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags; others stay."""
        runs.set_tags(self._workspace.store, self._record, tags)

    def remove_tags(self, tags: list[str]) -> None:
        """Remove tags by name."""
        runs.remove_tags(self._workspace.store, self._record, tags)

    @property
    def properties(self) -> dict[str, str]:
        """The run's properties."""
        return self.get_properties()

    def get_properties(self) -> dict[str, str]:
        """Read the properties again."""
        return dict(self.record.properties)

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Set properties, each once.

        Raises:
            PropertyExistsError: one of them is set already; none is changed.
        """
        runs.add_properties(self._workspace.store, self._record, properties)

    def get_portal_url(self) -> str:
        """The command that shows the run; there is no portal offline."""
        return f"aml-magics run {self.id}"
