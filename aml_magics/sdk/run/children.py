"""The children of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.run import run as runs
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


class RunChildren:
    """Starting and listing runs that are part of another."""

    _workspace: Workspace
    _record: RunRecord

    def child_run(
        self, name: str | None = None, run_id: str | None = None, outputs: str | None = None
    ) -> Run:
        """Start a run as a child of this one."""
        record = runs.start(
            self._workspace.store,
            self._record.experiment,
            name=name,
            run_id=run_id,
            parent=self._record,
        )
        return self._handle(record, outputs=outputs)

    def submit_child(
        self, config: object, tags: Mapping[str, str] | None = None, **_azure: object
    ) -> Run:
        """Queue a script run as a child of this one.

        Raises:
            SubmissionError: the configuration cannot be submitted as it is.
        """
        from aml_magics.sdk.job.submission import submit

        return submit(self._workspace, self._record.experiment, config, tags, parent=self._record)

    def create_children(
        self,
        count: int | None = None,
        tag_key: str | None = None,
        tag_values: list[str] | None = None,
    ) -> list[Run]:
        """Start several children: so many, or one for each value of a tag."""
        wanted = [None] * (count or 0) if tag_values is None else tag_values
        children = [self.child_run() for _ in wanted]
        for child, value in zip(children, wanted, strict=True):
            if tag_key is not None:
                child.tag(tag_key, value)
        return children

    def get_children(
        self,
        recursive: bool = False,
        tags: Mapping[str, str] | str | None = None,
        properties: Mapping[str, str] | str | None = None,
        type: str | None = None,
        status: str | None = None,
        _rehydrate_runs: bool = True,
    ) -> Iterator[Run]:
        """The children of the run, newest first, one at a time."""
        store = self._workspace.store
        if recursive:
            below = {one.id for one in runs.children(store, self._record, recursive=True)}
            found = search(
                store,
                tags=tags,
                properties=properties,
                type=type,
                status=status,
                include_children=True,
            )
            found = [one for one in found if one.id in below]
        else:
            found = search(
                store,
                tags=tags,
                properties=properties,
                type=type,
                status=status,
                parent=self._record,
            )
        yield from (self._handle(record) for record in found)

    def _handle(self, record: RunRecord, outputs: str | None = None) -> Run:
        from aml_magics.sdk.run.run import Run

        return Run._of(self._workspace, record, outputs)
