"""Pending uploads: outputs of runs that did not reach their datastores."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.services.doctor.checks._base import Check, Finding, ok, warn
from aml_magics.services.job.pending_upload import kept_names
from aml_magics.services.run.artifact import UNSENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class UnsentCheck(Check):
    """Finds pending uploads."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """How many runs have pending uploads, and which."""
        place = folder / UNSENT
        runs = sorted(one.name for one in place.iterdir()) if place.is_dir() else []
        waiting = [run for run in runs if kept_names(place / run)]
        if not waiting:
            yield ok("no output of a run waits to be sent to its datastore")
            return
        yield warn(
            f"outputs of {len(waiting):,} runs are kept in {place} or just being sent, such as of run {waiting[0]}",
            "Run.get(workspace, id).send_outputs() sends those of a run; "
            f"rm -r {shlex.quote(str(place / waiting[0]))} gives them up",
        )
