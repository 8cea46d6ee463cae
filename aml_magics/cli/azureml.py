"""``aml-magics azureml``: whether ``import azureml`` finds aml_magics in every process of this Python."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics import _namespace
from aml_magics._version import VERSION
from aml_magics.cli._base import ShellCommand
from aml_magics.commands.azureml import STATES

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser


class AzuremlCommand(ShellCommand):
    """Switches the import namespace for an environment; the magic does so for one process."""

    summary = "Let `import azureml` find aml_magics in this Python (on), or not (off)."
    details = (
        "It is a line in a .pth file among the packages of this Python: scripts, notebooks and tests find aml_magics\n"
        "then, before a package of Microsoft's. Switch it off before you uninstall aml_magics. Alone it tells which."
    )

    def arguments(self, parser: Parser) -> None:
        """Declare ``on``, ``off`` or nothing."""
        parser.add_argument("state", metavar="on|off", nargs="?", choices=STATES, help="what to do")

    def execute(self, options: Namespace) -> int:
        """Switch, then print the state."""
        folder = Path(sysconfig.get_path("purelib"))
        if options.state is not None:
            _namespace.give_to_python(folder, is_given=options.state == "on")
        if _namespace.is_given_to_python(folder):
            print(
                f"`import azureml` gives aml_magics {VERSION} in every process of {sys.executable}."
            )
        else:
            print(
                f"`import azureml` does not give aml_magics in {sys.executable}; `aml-magics azureml on` makes it so, "
                "`aml-magics python script.py` for one script."
            )
        return 0
