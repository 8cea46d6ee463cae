"""``%%aml_score NAME``: writes a cell as a scoring script, and deploys or updates a service with it."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._parser import HelpRequested, Parser
from aml_magics.commands.service._deploying import add_deploy_arguments, deployed_answer
from aml_magics.errors import UsageError
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.cell.upstream import names_of
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.service import registry
from aml_magics.services.service.deployment import check_service_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from IPython.core.interactiveshell import InteractiveShell

_OF_A_MODULE: Final = frozenset({"__file__", "__name__", "__doc__", "__spec__", "__builtins__"})
_NEEDED: Final = {"init": 0, "run": 1}


def score_parser() -> Parser:
    """The options on the line."""
    parser = Parser(
        "%%aml_score",
        "Write this cell as a scoring script, and deploy or update a web service with it.",
    )
    parser.add_argument("service", metavar="NAME", help="the service; it is made if there is none")
    parser.add_argument(
        "--model", nargs="+", default=[], metavar="MODEL", help="models, else those that it has"
    )
    parser.add_argument("--file", metavar="PATH", help="of the script (score_NAME.py)")
    parser.add_argument(
        "--write-only", action="store_true", help="write the script, deploy nothing"
    )
    add_deploy_arguments(parser)
    return parser


def run_score_cell(shell: InteractiveShell, line: str, body: str) -> None:
    """Check the cell, write it, deploy it, and show the service.

    Raises:
        SyntaxError: the cell is not Python; nothing was written.
        UsageError: it does not define init and run, or uses names that only the notebook has.
    """
    try:
        options = score_parser().parse_args(words_of(line, visible_names(shell)))
    except HelpRequested as help_:
        print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
        return
    name = check_service_name(options.service)
    check_script(body, shell.user_ns)
    path = Path(options.file or f"score_{name.replace('-', '_')}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    print(f"Wrote {path}")  # noqa: T201 -- as %%writefile says it
    if options.write_only:
        return
    workspace = Workspace.from_config()
    models = options.model or _models_of(workspace, name)
    answer = deployed_answer(workspace, name, models, str(path), options)
    shell.display_pub.publish(answer.bundle, {})


def check_script(body: str, notebook: Mapping[str, Any]) -> None:
    """Refuse a cell that cannot score by itself.

    Args:
        notebook: the variables of the notebook, which a script does not see.

    Raises:
        SyntaxError: it is not Python.
        UsageError: init or run is missing, or a name is defined nowhere in it.
    """
    tree = ast.parse(body, "<cell>")
    functions = {
        one.name: one
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    names = names_of(body)
    missing = [one for one in _NEEDED if one not in functions and one not in names.defined]
    if missing:
        raise UsageError(
            f"A scoring script defines init() and run(data), and this cell lacks {' and '.join(missing)}: "
            "init loads the model once, run answers a request."
        )
    made = {one for node in ast.walk(tree) if isinstance(node, ast.Global) for one in node.names}
    unknown = sorted(
        one
        for one in names.used - names.defined - made  # init() makes what it declares global
        if not hasattr(builtins, one) and one not in _OF_A_MODULE
    )
    if not unknown:
        return
    here = [one for one in unknown if one in notebook]
    shown = ", ".join(map(repr, unknown[:8]))
    remedy = "Import or define it in this cell; a value can be kept as a file of the model, which init() loads."
    where = (
        "this notebook has it, and the service does not see it" if here else "nothing defines it"
    )
    raise UsageError(f"The cell uses {shown}, but a service runs it alone: {where}. {remedy}")


def _models_of(workspace: Workspace, name: str) -> list[str]:
    """The models of the service; none where there is no such service yet."""
    found = [one for one in registry.services(workspace.store) if one.name == name]
    if not found:
        return []
    newest = next(
        one for one in registry.revisions(workspace.store, name) if one.number == found[0].revision
    )
    return list(newest.deployment.models)
