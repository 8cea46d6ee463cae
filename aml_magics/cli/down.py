"""``aml-magics down``: stop web services, and what answers REST requests for pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.cli._base import ShellCommand
from aml_magics.cli._workspace import open_workspace
from aml_magics.services.process import rest
from aml_magics.services.service import process

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser


class DownCommand(ShellCommand):
    """Stops services; they answer what they have."""

    summary = "Stop the web services of this machine; they are kept."
    details = (
        "Without a name it stops all, and what answers REST requests for pipelines; `aml-magics up` starts them again. A service that is named is not started\n"
        "again before `aml-magics up NAME`."
    )

    def arguments(self, parser: Parser) -> None:
        """Declare the name."""
        parser.add_argument("name", nargs="?", metavar="NAME", help="only this service")

    def execute(self, options: Namespace) -> int:
        """Print what was stopped."""
        store = open_workspace(options.workspace).store
        was_answering = options.name is None and rest.down(store)
        if was_answering:
            print("Pipelines: REST requests are not answered; `aml-magics up` starts that again")
        stopped = process.down(store, options.name)
        for one in stopped:
            print(f"{one.name}: stopped; `aml-magics up {one.name}` starts it again")
        if not stopped and not was_answering:
            print("No service runs; `aml-magics status` lists them.")
        return 0
