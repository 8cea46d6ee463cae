"""The cells that a cell builds on: those that define the names it uses, and so on."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_CELLS = 200
PYTHON_MAGICS = frozenset({"aml_run", "capture", "prun", "time"})


@dataclass(frozen=True, slots=True)
class CellNames:
    """The names that a cell assigns, and those it takes from other cells."""

    defined: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Upstream:
    """The cells that a cell builds on.

    Attributes:
        cells: execution counts, in the order of execution.
        warnings: one line for each cell that ran before the latest run of a cell it builds on.
    """

    cells: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def upstream_of(history: Sequence[str], used: Iterable[str]) -> Upstream:
    """Find the executed cells that some names depend on.

    Args:
        history: the executed cells as plain Python; the index is the execution count.
        used: the names, with the values they have after the last of these cells.
    """
    found = _Search(history)
    found.follow(used, len(history))
    return Upstream(sorted(found.cells), found.stale())


@lru_cache(maxsize=1024)
def names_of(source: str) -> CellNames:
    """The names that a cell defines and uses; empty if it is not valid Python."""
    try:
        tree = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return CellNames()
    names = _NameVisitor()
    names.visit(tree)
    return CellNames(frozenset(names.defined), frozenset(names.used))


class _Search:
    """The walk from names to the cells that defined them."""

    def __init__(self, history: Sequence[str]) -> None:
        self._history = history
        self._definitions: dict[str, list[int]] = {}
        for count, source in enumerate(history):
            for name in names_of(source).defined:
                self._definitions.setdefault(name, []).append(count)
        self.cells: set[int] = set()

    def follow(self, used: Iterable[str], before: int) -> None:
        """Add the cells that gave the names the value they had before a cell, and so on."""
        pending = [(name, before) for name in used]
        while pending and len(self.cells) < MOST_CELLS:
            name, limit = pending.pop()
            count = self._definition(name, limit)
            if count is None or count in self.cells:
                continue
            self.cells.add(count)
            pending += [(other, count) for other in names_of(self._history[count]).used]

    def stale(self) -> list[str]:
        """One line for each cell whose input was redefined after it ran."""
        lines = []
        for count in sorted(self.cells):
            names = names_of(self._history[count])
            for name in sorted(names.used - names.defined):
                then = self._definition(name, count)
                now = self._definition(name, len(self._history))
                if then is not None and now is not None and now > count and now in self._live():
                    lines.append(
                        f"Cell [{count}] used {name!r} before cell [{now}] defined it anew: "
                        "cells were run out of order."
                    )
        return lines

    def _definition(self, name: str, before: int) -> int | None:
        counts = self._definitions.get(name, ())
        return max((count for count in counts if count < before), default=None)

    def _live(self) -> set[int]:
        """Cells whose code differs from all that ran before them: a mere re-run changes nothing."""
        first: dict[str, int] = {}
        for count, source in enumerate(self._history):
            first.setdefault(source, count)
        return set(first.values())


class _NameVisitor(ast.NodeVisitor):
    """Collects names of the module's scope, and the free names of functions and classes.

    The standard library's `symtable` knows the scopes, but not the order: a name that the cell both
    uses and defines comes from another cell only if the use comes first.
    """

    def __init__(self) -> None:
        self.defined: set[str] = set()
        self.used: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.defined:
                self.used.add(node.id)
        else:
            self.defined.add(node.id)

    def visit_Call(self, node: ast.Call) -> None:
        """Visit a call; for a cell magic such as ``%%time``, visit the code below it."""
        match node:
            case ast.Call(
                func=ast.Attribute(attr="run_cell_magic"),
                args=[ast.Constant(value=magic), _, ast.Constant(value=str(body))],
            ) if magic in PYTHON_MAGICS:
                below = names_of(_plain_python(body))
                self.used |= below.used - self.defined
                self.defined |= below.defined
            case _:
                self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        # The value first, unlike the order of the AST's fields: `x = x + 1` uses the earlier x.
        self.visit(node.value)
        for target in node.targets:
            self._visit_target(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self._visit_target(node.target)
        if isinstance(node.target, ast.Name):  # its context is Store, though `x += 1` reads x
            self.used.add(node.target.id)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._visit_target(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._visit_target(node.target)
        self._visit_all([*node.body, *node.orelse])

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.defined |= {alias.asname or alias.name.split(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.defined.add(node.name)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all([*node.decorator_list, node.args, node.returns])
        self.defined.add(node.name)  # before its body, which may call it
        self._visit_scope(node.body, _parameters(node.args))

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self._visit_scope([node.body], _parameters(node.args))

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation is not None:
            self.visit(node.annotation)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self._visit_scope(node.body)
        self.defined.add(node.name)

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        loops = [part for loop in node.generators for part in (loop.iter, loop.target, *loop.ifs)]
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._visit_scope([*loops, *results])

    visit_SetComp = visit_ListComp  # noqa: N815
    visit_GeneratorExp = visit_ListComp  # noqa: N815
    visit_DictComp = visit_ListComp  # noqa: N815

    def _visit_target(self, target: ast.expr) -> None:
        """Visit a target; ``x.y = 1`` and ``x[0] = 1`` both use and change ``x``."""
        if isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self._visit_target(item)
        elif isinstance(target, ast.Starred):
            self._visit_target(target.value)
        else:
            self.visit(target)
            owner = target
            while isinstance(owner, ast.Attribute | ast.Subscript):
                owner = owner.value
            if isinstance(owner, ast.Name):
                self.defined.add(owner.id)

    def _visit_scope(self, nodes: Sequence[ast.AST], parameters: Iterable[str] = ()) -> None:
        """Visit a nested scope: the names that it takes from outside are used here."""
        inner = _NameVisitor()
        inner.defined.update(parameters)
        inner._visit_all(nodes)
        self.used |= inner.used - self.defined

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)


def _plain_python(body: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(body)  # type: ignore[no-untyped-call]


def _parameters(arguments: ast.arguments) -> set[str]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return {arg.arg for arg in [*named, *starred]}
