"""YAML as a tree whose parts know their lines; nothing of it is made an object of Python but plain data.

A text may come from anybody: its size, its depth and what its aliases stand for are bounded, and no tag is obeyed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import PipelineError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MOST_CHARACTERS: Final = 4_000_000
MOST_PARTS: Final = 400_000
"""Scalars, lists and mappings of a document, each alias counted as what it stands for."""

DEEPEST: Final = 40
LARGEST: Final = 2**53
"""Whole numbers beyond are not exact in a browser."""

_TAG: Final = "tag:yaml.org,2002:"
_SHOWN: Final = 60
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class PipelineDocumentError(PipelineError):
    """The YAML of a pipeline cannot be read; ``line`` counts from 1, and is None where none is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"Line {line}: {message}")
        self.line = line

    def within(self, file: str) -> PipelineDocumentError:
        """The same error, which names the file."""
        error = PipelineDocumentError(f"{file}: {self}")
        error.line = self.line
        return error


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document; ``path`` says where it stands, such as ``pipeline.steps.train``."""

    node: yaml.Node
    path: str

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_null(self) -> bool:
        """Whether nothing is written."""
        return _is_scalar(self.node, "null")

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)

    def fields(self, known: Collection[str] | None = None) -> dict[str, Part]:
        """The parts of a mapping by their keys; none of what is null.

        Raises:
            PipelineDocumentError: no mapping, a key that is no text or comes twice, or one that is not known.
        """
        if self.is_null:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("a mapping of names to values")
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise PipelineDocumentError(
                    f"A key of {self.path} is a text, not a list or a mapping.", _line(key)
                )
            name = str(key.value)
            if name in found:
                raise PipelineDocumentError(
                    f"{self.path} has the key {name!r:.60} twice, first in line {found[name].line}; keep one.",
                    _line(key),
                )
            if known is not None and name not in known:
                near = did_you_mean(name, known)
                raise PipelineDocumentError(
                    f"{self.path} has no key {name!r:.60}.{near} It may have: {', '.join(known)}.",
                    _line(key),
                )
            found[name] = Part(value, f"{self.path}.{name}")
        return found

    def items(self) -> list[Part]:
        """The parts of a list."""
        if self.is_null:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("a list")
        return [Part(one, f"{self.path}[{at}]") for at, one in enumerate(self.node.value)]

    @property
    def raw(self) -> str:
        """A scalar as it is written: ``0.10`` stays that."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("a single value")
        return str(self.node.value)

    def text(self) -> str:
        """A text; a date without quotes is one, too."""
        if _is_scalar(self.node, "str") or _is_scalar(self.node, "timestamp"):
            return str(self.node.value)
        raise self.wrong("a text", "; write it in quotes" if self._is_scalar else "")

    def flag(self) -> bool:
        """True or false."""
        value = self.plain() if self._is_scalar else None
        if isinstance(value, bool):
            return value
        raise self.wrong("true or false")

    def whole(self, least: int = 0) -> int:
        """A whole number of at least ``least``."""
        value = self.plain() if self._is_scalar else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise self.wrong(f"a whole number from {least}")

    def number(self) -> float:
        """A finite number."""
        value = self.plain() if self._is_scalar else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise self.wrong("a number")

    def choice(self, *among: str) -> str:
        """One of some words, whatever their case."""
        by_lower = {one.lower(): one for one in among}
        word = self.raw.lower() if self._is_scalar else ""
        if word in by_lower:
            return by_lower[word]
        raise self.wrong(f"one of {', '.join(among)}")

    def plain(self) -> Any:  # noqa: ANN401 -- plain JSON
        """It as plain JSON.

        Raises:
            PipelineDocumentError: what JSON cannot say: a tag, a number without end, a whole one beyond 2**53.
        """
        if isinstance(self.node, yaml.SequenceNode):
            return [one.plain() for one in self.items()]
        if isinstance(self.node, yaml.MappingNode):
            return {name: one.plain() for name, one in self.fields().items()}
        return self._scalar()

    def wrong(self, rule: str, remedy: str = "") -> PipelineDocumentError:
        """The error of a value that breaks a rule."""
        if self.is_null:
            shown = "nothing"
        elif isinstance(self.node, yaml.ScalarNode):
            shown = self.node.value
            shown = repr(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…")
        else:
            shown = "a mapping" if self.is_mapping else "a list"
        return PipelineDocumentError(f"{self.path} is {rule}, not {shown}{remedy}.", self.line)

    @property
    def _is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def _scalar(self) -> Any:  # noqa: ANN401 -- plain JSON
        name = self.node.tag.removeprefix(_TAG)
        if name in ("str", "timestamp"):
            return self.node.value
        if name not in ("null", "bool", "int", "float"):
            raise PipelineDocumentError(
                f"{self.path} has the tag {self.node.tag[:_SHOWN]!r}; only plain values are read: leave it out.",
                self.line,
            )
        try:
            value = yaml.constructor.SafeConstructor().construct_object(self.node)
        except ValueError as error:
            raise self.wrong("a number that can be read", "; write a text in quotes") from error
        if isinstance(value, float) and not math.isfinite(value):
            raise self.wrong("a finite number")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise self.wrong(f"a number up to {LARGEST:,}", "; write a text in quotes")
        return value


def tree_of(text: str) -> Part:
    """Read a document.

    Raises:
        PipelineDocumentError: no YAML, more than one document, too long, too deep, or an alias that stands for too
            much or for what holds it.
    """
    if len(text) > MOST_CHARACTERS:
        raise PipelineDocumentError(
            f"A pipeline's YAML has at most {MOST_CHARACTERS:,} characters, not {len(text):,}; divide the pipeline."
        )
    try:
        _check_depth(text)
        node = yaml.compose(text, _LOADER)
    except yaml.YAMLError as error:
        raise _explained(error, text) from None
    if node is None:
        raise PipelineDocumentError(
            "There is nothing in this file; a pipeline begins with 'pipeline:'."
        )
    _check_size(node)
    return Part(node, "the document")


def text_of(tree: dict[str, Any]) -> str:
    """A document of plain JSON as YAML, its keys in their order."""
    text: str = yaml.dump(tree, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100)
    return text


def _is_scalar(node: yaml.Node, tag: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + tag


def _line(at: yaml.Node | yaml.Event) -> int:
    return int(getattr(at.start_mark, "line", 0)) + 1


def _check_depth(text: str) -> None:
    """Before the tree is made, which goes as deep in calls as the text does."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, _LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or count > MOST_PARTS:
            rule = f"{DEEPEST} levels" if depth > DEEPEST else f"{MOST_PARTS:,} values"
            raise PipelineDocumentError(
                f"A pipeline's YAML has at most {rule}; write less here.", _line(event)
            )


def _check_size(root: yaml.Node) -> None:
    """With what aliases stand for."""
    for count, (node, depth) in enumerate(_walk(root)):
        if count > MOST_PARTS or depth > DEEPEST:
            raise PipelineDocumentError(
                f"The aliases of a pipeline's YAML stand for at most {MOST_PARTS:,} values in {DEEPEST} levels; write "
                "out what they stand for, or less.",
                _line(node),
            )


def _walk(root: yaml.Node) -> Iterator[tuple[yaml.Node, int]]:
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, yaml.SequenceNode):
            waiting += [(one, depth + 1) for one in node.value]
        elif isinstance(node, yaml.MappingNode):
            waiting += [(one, depth + 1) for pair in node.value for one in pair]


def _explained(error: yaml.YAMLError, text: str) -> PipelineDocumentError:
    mark = getattr(error, "problem_mark", None)
    at = getattr(error, "position", None)
    line = None if mark is None else mark.line + 1
    if mark is None and isinstance(at, int):
        line = text[:at].count("\n") + 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    said = f"{problem} {context}" if context else f"{problem}"
    return PipelineDocumentError(f"This is no YAML that can be read: {said}.", line)
