"""Answers to questions that change runs: names, notes, tags and marks; deletion and its undoing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aml_magics.records.run import RESTORABLE_SECONDS
from aml_magics.services.run.manage import deletion
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.store.store import Store
from aml_magics.views.contract.question import question
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord


@dataclass(frozen=True, slots=True)
class SeenRun:
    """What the user saw who changes a run: if another has changed it since, nothing is changed."""

    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateRunQuestion:
    """A change of one run; what is null stays. A tag whose value is null is removed."""

    run: str
    name: str | None = None
    description: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    starred: bool | None = None
    archived: bool | None = None
    was: SeenRun = SeenRun()


@dataclass(frozen=True, slots=True)
class UpdateRunsQuestion:
    """A change of several runs, as of one."""

    runs: tuple[str, ...]
    tags: dict[str, str | None] = field(default_factory=dict)
    starred: bool | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class RunIdsQuestion:
    """Several runs by id."""

    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunMarksView:
    """What can be changed of a run, as it is now."""

    id: str
    name: str
    description: str
    tags: dict[str, str | None]
    starred: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class RunsMarksView:
    """Several runs, as they are now."""

    runs: tuple[RunMarksView, ...]


@dataclass(frozen=True, slots=True)
class DeletionView:
    """Deleted runs; ``count`` includes their children, ``until`` is the last moment to restore them."""

    runs: tuple[str, ...]
    count: int
    until: str | None


@dataclass(frozen=True, slots=True)
class DeletedRunView:
    """A run that can be restored until a moment."""

    id: str
    name: str
    experiment: str
    deleted: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class DeletedRunsView:
    """The runs that can be restored, the latest deletion first."""

    runs: tuple[DeletedRunView, ...]


@question(changes=True)
def update_run(store: Store, asked: UpdateRunQuestion) -> RunMarksView:
    """Change a run."""
    change = RunEdit(
        name=asked.name,
        description=asked.description,
        tags=_set(asked.tags),
        removed_tags=_removed(asked.tags),
        starred=asked.starred,
        archived=asked.archived,
        was=_seen(asked.was),
    )
    return _marks(edit(store, [asked.run], change)[0])


@question(changes=True)
def update_runs(store: Store, asked: UpdateRunsQuestion) -> RunsMarksView:
    """Change several runs, all or none."""
    change = RunEdit(
        tags=_set(asked.tags),
        removed_tags=_removed(asked.tags),
        starred=asked.starred,
        archived=asked.archived,
    )
    return RunsMarksView(tuple(map(_marks, edit(store, asked.runs, change))))


@question(changes=True)
def delete_runs(store: Store, asked: RunIdsQuestion) -> DeletionView:
    """Delete ended runs, all or none; ``restore_runs`` undoes it."""
    done = deletion.delete(store, asked.runs)
    return DeletionView(asked.runs, done.count, iso(done.until))


@question(changes=True)
def restore_runs(store: Store, asked: RunIdsQuestion) -> RunsMarksView:
    """Bring deleted runs back."""
    return RunsMarksView(tuple(map(_marks, deletion.restore(store, asked.runs))))


@question
def deleted_runs(store: Store) -> DeletedRunsView:
    """The runs that can be restored."""
    return DeletedRunsView(
        tuple(
            DeletedRunView(
                id=run.id,
                name=run.name,
                experiment=run.experiment,
                deleted=iso(run.deleted),
                until=iso((run.deleted or 0) + RESTORABLE_SECONDS),
            )
            for run in deletion.deleted_runs(store)
        )
    )


def _seen(was: SeenRun) -> dict[str, str]:
    seen = {"name": was.name, "description": was.description}
    return {name: text for name, text in seen.items() if text is not None}


def _set(tags: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if value is not None}


def _removed(tags: dict[str, str | None]) -> list[str]:
    return [name for name, value in tags.items() if value is None]


def _marks(run: RunRecord) -> RunMarksView:
    return RunMarksView(
        id=run.id,
        name=run.name,
        description=run.description,
        tags=dict(run.tags),
        starred=run.starred is not None,
        archived=run.archived is not None,
    )
