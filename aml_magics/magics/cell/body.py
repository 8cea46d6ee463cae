"""Running the body of a cell magic where IPython's own way of running cells does not reach.

``nbconvert --to script`` writes a cell as ``get_ipython().run_cell_magic(...)``, and consoles can
call it so. The body is compiled under a name that IPython knows, so tracebacks show its lines.
"""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType

    from IPython.core.interactiveshell import InteractiveShell


def run_body(shell: InteractiveShell, body: str) -> Any:  # noqa: ANN401 -- what the user's code gives
    """Run code in the user's namespace.

    Args:
        shell: the user's shell.
        body: code as typed in a cell, with line magics and top-level ``await``.

    Returns:
        The value of the last expression, or None.

    Raises:
        BaseException: what the code raises, with its own traceback.
    """
    __tracebackhide__ = True
    statements, last = _compiled(shell, body)
    _evaluate(shell, statements)
    return None if last is None else _evaluate(shell, last)


def _compiled(shell: InteractiveShell, body: str) -> tuple[CodeType, CodeType | None]:
    python = shell.transform_cell(body)  # type: ignore[no-untyped-call]
    name = shell.compile.cache(python, shell.execution_count, raw_code=body)
    awaiting = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if shell.autoawait else 0
    with shell.compile.extra_flags(awaiting):
        tree = shell.compile.ast_parse(python, filename=name)
        tree = shell.transform_ast(tree)  # type: ignore[no-untyped-call]
        last = None
        # A semicolon at the end keeps a value from being shown, as everywhere in IPython.
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not python.rstrip().endswith(";"):
            expression = ast.Expression(tree.body.pop().value)
            last = shell.compile(expression, name, "eval")  # type: ignore[arg-type]
        return shell.compile(tree, name, "exec"), last


def _evaluate(shell: InteractiveShell, code: CodeType) -> Any:  # noqa: ANN401
    __tracebackhide__ = True
    value = eval(code, shell.user_global_ns, shell.user_ns)  # noqa: S307 -- running the cell is the task
    if code.co_flags & inspect.CO_COROUTINE:
        return shell.loop_runner(value)
    return value
