"""``aml-magics up``: start web services, and what answers REST requests for pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.cli._base import ShellCommand
from aml_magics.cli._workspace import open_workspace
from aml_magics.errors import ServiceFailedError
from aml_magics.services.process import rest
from aml_magics.services.service import process, waiting

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser


class UpCommand(ShellCommand):
    """Starts services and waits until they answer."""

    summary = "Start web services that should run and do not, as after a reboot."
    details = (
        "Without a name it starts all that ran before, on their ports, and the process that answers REST requests for\n"
        "pipelines. A service that `aml-magics down NAME`\n"
        "stopped stays down until `aml-magics up NAME`."
    )

    def arguments(self, parser: Parser) -> None:
        """Declare the name."""
        parser.add_argument("name", nargs="?", metavar="NAME", help="only this service")
        parser.add_argument(
            "--no-wait", action="store_true", help="return before the services answer"
        )

    def execute(self, options: Namespace) -> int:
        """Print the services as they come up; return 1 if one does not."""
        store = open_workspace(options.workspace).store
        answering = None if options.name else rest.up(store)
        if answering is not None:
            print(f"Pipelines: REST requests are answered at {answering}")
        started = process.up(store, options.name)
        if not started and answering is None:
            print("No service has to be started; `aml-magics status` lists them.")
        code = 0
        for one in started:
            if options.no_wait:
                print(f"{one.name}: starting")
                continue
            try:
                found = waiting.wait(store, one.name)
                print(f"{one.name}: {found.state}, {found.scoring_uri}")
            except ServiceFailedError as error:
                print(f"{one.name}: {error}")
                code = 1
        return code
