"""Lines of Python that are written one after the other, with the imports that they need."""

from __future__ import annotations

import keyword
import re
import textwrap
from typing import TYPE_CHECKING, Final

from aml_magics.kinds.steps._code import Call, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.kinds.steps._code import Code

_WIDEST: Final = 88
_WIDEST_WITHIN: Final = 50
"""Characters of a call within another one; a longer one gets a variable."""


class PythonLines:
    """Writes code: each thing gets a variable of its own, and imports are noted as they are used."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.lines: list[str] = []
        self._taken = set(taken)
        self._imported: dict[tuple[str, str], str] = {}

    def name(self, module: str, name: str) -> str:
        """Note that a name is imported; returns what it is called here."""
        if (module, name) not in self._imported:
            self._imported[module, name] = name if name not in self._taken else self.variable(name)
            self._taken.add(name)
        return self._imported[module, name]

    def variable(self, text: str) -> str:
        """A name that nothing has yet, made of a text."""
        plain = re.sub(r"\W+", "_", text.removesuffix(".py")).strip("_").lower() or "step"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        plain = plain if plain.isidentifier() else "step"
        free, number = plain, 2
        while free in self._taken or keyword.iskeyword(free):
            free, number = f"{plain}_{number}", number + 1
        self._taken.add(free)
        return free

    def assigned(self, text: str, expression: str) -> str:
        """The variable of an expression."""
        made = self.variable(text)
        self.lines.append(f"{made} = {expression}")
        return made

    def called(self, text: str, call: Call) -> str:
        """The variable of a call; ``text`` names it, and begins the names of what is within it."""
        return self._called(text, call, *self._parts(call, text))

    def expression(self, code: Code, text: str, name: str) -> str:
        """An expression; a long call within it is written before, under a name of ``text`` and its own ``name``."""
        if isinstance(code, str):
            return code
        if isinstance(code, list):
            return listed([self.expression(one, text, name) for one in code])
        if isinstance(code, dict):
            pairs = [f"{key!r}: {self.expression(one, text, name)}" for key, one in code.items()]
            return f"{{{', '.join(pairs)}}}"
        callee, arguments = self._parts(code, text)
        inline = f"{callee}({', '.join(arguments)})" if code.given is not None else callee
        if not code.then and len(inline) <= _WIDEST_WITHIN:
            return inline
        return self._called(f"{text}_{name}", code, callee, arguments)

    def _called(self, text: str, call: Call, callee: str, arguments: list[str]) -> str:
        made = self.variable(text)
        self.lines += call_lines(f"{made} = {callee}", arguments)
        for name, value in call.then.items():
            self.lines.append(f"{made}.{name} = {self.expression(value, text, name)}")
        return made

    def imports(self) -> list[str]:
        """The lines that import what was used."""
        modules: dict[str, list[str]] = {}
        for (module, name), called in sorted(self._imported.items()):
            modules.setdefault(module, []).append(name if name == called else f"{name} as {called}")
        return [f"from {module} import {', '.join(names)}" for module, names in modules.items()]

    def _parts(self, call: Call, text: str) -> tuple[str, list[str]]:
        """The name that is called, and its arguments."""
        imported, *rest = call.name.split(".")
        callee = ".".join([self.name(call.module, imported), *rest])
        given = (call.given or {}).items()
        keywords = [f"{key}={self.expression(one, text, key)}" for key, one in given]
        return callee, [*(self.expression(one, text, "value") for one in call.first), *keywords]


def call_lines(head: str, arguments: list[str]) -> list[str]:
    """A call, on one line if it is short."""
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= _WIDEST and "\n" not in line:
        return [line]
    return [f"{head}(", *(textwrap.indent(f"{one},", "    ") for one in arguments), ")"]
