"""``unarchive``: show archived runs in lists again."""

from __future__ import annotations

from aml_magics.commands.manage._mark import MarkCommand
from aml_magics.services.run.manage.edit import RunEdit


class UnarchiveCommand(MarkCommand):
    """Show archived runs in lists again."""

    summary = "Show archived runs in lists again."
    change = RunEdit(archived=False)
    done = ("is in lists again.", "are in lists again.")
    only = "archived = true"
