"""``schedule``: show one schedule, enable or disable it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.sdk.pipeline.schedule.schedule import Schedule
from aml_magics.services.pipeline import schedule as schedules
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.views.pipeline.schedules import schedule_detail, schedule_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

_STATUS: Final = {"enable": PipelineStatus.ACTIVE, "disable": PipelineStatus.DISABLED}


class ScheduleCommand(Command):
    """Shows one schedule; the value is its handle."""

    summary = "Show one schedule with its latest runs, enable or disable it."
    details = """\
actions:
  enable    let it run again, from now on, looked after by this machine; past times do not run
  disable   let it start no more runs; those that it has started go on
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the schedule and what to do with it."""
        parser.add_argument(
            "schedule", metavar="ID", help="its id, the beginning of it, or its name"
        )
        parser.add_argument("action", nargs="?", choices=list(_STATUS), help="else show it")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the schedule, after what was asked."""
        store = workspace.store
        record = schedules.find(store, options.schedule)
        if options.action is not None:
            asked = ScheduleEdit(status=_STATUS[options.action])
            record = schedules.edit(store, record.id, asked)
        return Answer.of_page(
            lambda: schedule_page(schedule_detail(store, record)),
            lambda: Schedule.get(workspace, record.id),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest schedules by name and by the beginning of their ids."""
        if name != "schedule":
            return []
        found = schedules.schedules(workspace.store, active_only=False)
        return [text for one in found for text in (one.id[:8], one.name)]
