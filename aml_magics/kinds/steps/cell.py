"""A cell of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import Command, StepKind

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition


class Cell(StepKind):
    """Runs a cell of a notebook with the variables that came along; its folder is written by ``%%aml_step``."""

    type = "CellStep"
    title = "Notebook cell"
    is_drawn = False

    def command(self, step: StepDefinition) -> Command:
        """The module that runs it; the arguments say where inputs and outputs lie."""
        del step
        return Command(words=("{python}", "-m", "aml_magics.magics.pipeline.worker"))
