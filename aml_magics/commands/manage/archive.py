"""``archive``: leave runs out of lists and counts; nothing of them is lost."""

from __future__ import annotations

from aml_magics.commands.manage._mark import MarkCommand
from aml_magics.services.run.manage.edit import RunEdit


class ArchiveCommand(MarkCommand):
    """Leave runs out of lists and counts; nothing of them is lost."""

    summary = "Leave runs out of lists and counts; nothing of them is lost."
    details = """\
archived runs can still be shown, compared and resumed by their names. A list of them:
  %aml runs --filter "archived = true"
"""
    change = RunEdit(archived=True)
    done = ("is archived: lists leave it out.", "are archived: lists leave them out.")
