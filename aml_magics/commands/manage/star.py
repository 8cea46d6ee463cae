"""``star``: mark runs with a star."""

from __future__ import annotations

from aml_magics.commands.manage._mark import MarkCommand
from aml_magics.services.run.manage.edit import RunEdit


class StarCommand(MarkCommand):
    """Mark runs with a star."""

    summary = "Mark runs with a star."
    details = """\
the runs with a star:
  %aml runs --filter "starred = true"
"""
    change = RunEdit(starred=True)
    done = ("has a star now.", "have a star now.")
