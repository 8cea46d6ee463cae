"""``aml-magics python script.py``: run one script with aml_magics as ``azureml``."""

from __future__ import annotations

import os
import sys
from argparse import REMAINDER
from typing import TYPE_CHECKING, NoReturn

from aml_magics import _namespace
from aml_magics.cli._base import ShellCommand
from aml_magics.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser


class PythonCommand(ShellCommand):
    """Replaces itself with Python, in an environment for old code."""

    summary = "Run a script in which `import azureml` finds aml_magics."
    details = (
        "The words are those of Python: `aml-magics python train.py --rate 0.1`, also `-m module` and `-c code`.\n"
        f"numpy has its old names there too ({_namespace.OLD_NUMPY}=0 switches that off)."
    )

    def arguments(self, parser: Parser) -> None:
        """Pass all words to Python."""
        parser.add_argument("words", metavar="script.py ...", nargs=REMAINDER, help="as for python")

    def read(self, parser: Parser, words: list[str]) -> Namespace:
        """Return the words as they are, options included."""
        if words[:1] in (["-h"], ["--help"]):
            return parser.parse_args(words)
        options = parser.parse_args([])
        options.words = words
        return options

    def execute(self, options: Namespace) -> NoReturn:
        """Replace this process; the exit code is that of the script."""
        if options.workspace is not None:
            raise UsageError(
                "A script finds its workspace by itself, by a config.json or its name; leave --workspace out."
            )
        if not options.words:
            raise UsageError(
                "`aml-magics python` needs a script, as in `aml-magics python train.py`."
            )
        environment = dict(os.environ)
        _namespace.give_to_children(environment)
        environment.setdefault(_namespace.OLD_NUMPY, "1")
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, *options.words], environment)  # noqa: S606 -- no shell
