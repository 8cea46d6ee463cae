"""``unstar``: take the star from runs."""

from __future__ import annotations

from aml_magics.commands.manage._mark import MarkCommand
from aml_magics.services.run.manage.edit import RunEdit


class UnstarCommand(MarkCommand):
    """Take the star from runs."""

    summary = "Take the star from runs."
    change = RunEdit(starred=False)
    done = ("has no star any more.", "have no star any more.")
    only = "starred = true"
