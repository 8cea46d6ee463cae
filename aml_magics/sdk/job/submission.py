"""``submit``: from a configuration to a run."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from aml_magics.errors import SubmissionError
from aml_magics.sdk.run.run import Run
from aml_magics.services.job import submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.job.submission import Submission


_EXPECTED: Final = frozenset(
    {"history", "configuration of the workspace", "results of a run", "an environment"}
)
"""Why something is left out that nobody would miss: the run's snapshot tells it, ``submit`` does not."""


@runtime_checkable
class Submittable(Protocol):
    """What ``submit`` takes."""

    def _submission(self) -> Submission:
        """What the service is asked for."""


def submit(
    workspace: Workspace,
    experiment: str,
    config: object,
    tags: Mapping[str, Any] | None = None,
    parent: RunRecord | None = None,
) -> Run:
    """Queue the run of a configuration and return its handle.

    Raises:
        SubmissionError: nothing that can be submitted, or not as it is configured.
    """
    if not isinstance(config, Submittable):
        raise SubmissionError(
            f"A {type(config).__name__} cannot be submitted; give a ScriptRunConfig or an Estimator."
        )
    wanted = config._submission()
    if tags:
        wanted = replace(wanted, tags={**wanted.tags, **tags})
    record, kept = submission.submit(workspace.store, experiment, wanted, parent=parent)
    told = replace(kept, left_out=tuple(one for one in kept.left_out if one.why not in _EXPECTED))
    if told.notice:
        print(told.notice, file=sys.stderr)
    return Run._of(workspace, record)
