"""Sections: objects with a fixed set of attributes, which can be written as a dict and read back.

A configuration of Azure ML is a tree of them. A misspelt attribute is an error in Python; an unknown
key of a file is kept and written again, for it may be a later version's.

A section is a dataclass::

    @dataclass(repr=False, eq=False)
    class DockerSection(Section):
        shm_size: str = "2g"  # "shmSize" in JSON
        registry: Registry = section(Registry)  # a section in a section
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from aml_magics.errors import SectionAttributeError, did_you_mean
from aml_magics.records.secret import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPE = "section"
_WIRE = "wire"
_REST = "_rest"


class Writable(Protocol):
    """Any value of a section that converts to JSON types and back."""

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON types."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The object from JSON types."""


def section(
    kind: type[Writable],
    default: Callable[[], Writable | None] | None = None,
    *,
    wire: str = "",
) -> Any:  # noqa: ANN401 -- as dataclasses.field
    """An attribute that is itself a section.

    Args:
        kind: its class; nothing else can be assigned, except None.
        default: makes the first value; ``kind`` if not given.
        wire: its name in JSON; the attribute's in camel case if not given.
    """
    return dataclasses.field(default_factory=default or kind, metadata={_TYPE: kind, _WIRE: wire})


def wired(default: Any, wire: str) -> Any:  # noqa: ANN401 -- as dataclasses.field
    """An attribute whose JSON name is not its camel-case form."""
    return dataclasses.field(default=default, metadata={_WIRE: wire})


class Section:
    """The base of sections.

    Raises:
        SectionAttributeError: an attribute is set, or read, that the section does not have.
    """

    def __setattr__(self, name: str, value: object) -> None:
        """Set an existing attribute."""
        if not name.startswith("_") and not isinstance(getattr(type(self), name, None), property):
            self._check(name, value)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- never returns
        """Raise an error that lists the attributes; called for unknown ones only."""
        if name.startswith("_"):  # pickle, copy and IPython ask for these
            raise AttributeError(name)
        raise self._unknown(name)

    def _set_defaults(self) -> None:
        """Give each attribute its default, without calling the constructor."""
        for one in fields(self):  # type: ignore[arg-type] # each subclass is a dataclass
            factory = one.default_factory
            made = one.default if factory is dataclasses.MISSING else factory()
            setattr(self, one.name, made)

    def _check(self, name: str, value: object) -> None:
        kinds = _kinds(type(self))
        if name not in kinds:
            raise self._unknown(name)
        kind = kinds[name]
        if kind is not None and value is not None and not isinstance(value, kind):
            raise SectionAttributeError(
                f"{type(self).__name__}.{name} is a {kind.__name__}, not {type(value).__name__} "
                f"({value!r:.60}); make one, or set the attributes of the one that is there."
            )

    def _unknown(self, name: str) -> SectionAttributeError:
        known = [each for each in dir(type(self)) if not each.startswith("_")]
        known += _kinds(type(self))
        near = did_you_mean(name, known) or f" It has {', '.join(sorted(_kinds(type(self))))}."
        return SectionAttributeError(f"{type(self).__name__} has no attribute {name!r:.60}.{near}")

    def to_dict(self) -> dict[str, Any]:
        """The section as a dict of JSON types, with Azure's names."""
        written = {wire: _written(getattr(self, name)) for name, wire in _wires(type(self)).items()}
        return {**self.__dict__.get(_REST, {}), **written}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """A section from a dict with Azure's names; missing keys get their defaults."""
        if not isinstance(data, Mapping):
            raise SectionAttributeError(
                f"{cls.__name__} is read from a dict with Azure's names, not from {type(data).__name__} ({data!r:.60})."
            )
        made = cls.__new__(cls)
        made._set_defaults()
        wires = _wires(cls)
        for name, wire in wires.items():
            if wire in data:
                kind, value = _kinds(cls)[name], data[wire]
                is_section = kind is not None and value is not None
                setattr(made, name, kind.from_dict(value) if kind and is_section else value)
        rest = {key: value for key, value in data.items() if key not in wires.values()}
        object.__setattr__(made, _REST, rest)
        return made

    def __eq__(self, other: object) -> bool:
        """Whether both have the same class and the same dict."""
        return type(self) is type(other) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment] # it can be changed

    def __repr__(self) -> str:
        """The dict as JSON, without secrets."""
        return json.dumps(without_secrets(self.to_dict()), indent=4, sort_keys=True, default=str)


# Filled once for each class, since every assignment of an attribute asks for it.
_NAMES: Final[dict[type, tuple[dict[str, type[Writable] | None], dict[str, str]]]] = {}


def _kinds(kind: type) -> dict[str, type[Writable] | None]:
    """The attributes of a section, with the classes of those that are sections."""
    return _names(kind)[0]


def _wires(kind: type) -> dict[str, str]:
    """The JSON names of a section's attributes."""
    return _names(kind)[1]


def _names(kind: type) -> tuple[dict[str, type[Writable] | None], dict[str, str]]:
    if kind not in _NAMES:
        found = fields(kind)
        kinds = {one.name: one.metadata.get(_TYPE) for one in found}
        wires = {one.name: one.metadata.get(_WIRE) or _camel(one.name) for one in found}
        _NAMES[kind] = kinds, wires
    return _NAMES[kind]


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _written(value: Any) -> Any:  # noqa: ANN401 -- any value of a section
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): _written(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    return value
