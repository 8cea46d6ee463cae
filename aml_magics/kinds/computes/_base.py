"""The contract of a kind of compute target: its settings, and whether runs can go there.

A kind is one file with one public class; the file's name is what is kept in the catalogue
(``aml_compute``). It reaches nothing. A kind that takes runs derives from :class:`PoolKind`; any other keeps
a configuration that only Azure could use, and says so when a run is sent there. Every kind passes the
conformance tests of ``tests/kinds/computes``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics._registry import Registry
from aml_magics.errors import ComputeTargetError, described

if TYPE_CHECKING:
    from collections.abc import Mapping


class ComputeKind(ABC):
    """A kind of compute target."""

    type: ClassVar[str]
    """Azure's name of the kind, such as ``AKS``."""

    label: ClassVar[str]
    """What its Python class is called."""

    settings: ClassVar[dict[str, Any]]
    """The settings of one that is created, with Azure's defaults; also of one that is attached, if ``attached`` is None."""

    attached: ClassVar[dict[str, Any] | None] = None
    """The settings of one that is attached, where they differ."""

    required: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Settings that an attached one needs: one of these groups, each complete."""

    credentials: ClassVar[tuple[str, ...]] = ()
    """Settings stored in a private file, and never shown."""

    machine: ClassVar[str] = ""
    """What a run would need to go there, and this machine does not have; empty if runs can go there."""

    def check(self, settings: Mapping[str, Any], *, is_attached: bool) -> None:
        """Refuse settings that cannot be.

        Raises:
            ComputeTargetError: one is missing or out of range.
        """
        if not is_attached or not self.required:
            return
        if not any(all(settings.get(name) for name in group) for group in self.required):
            ways = ", or ".join(" and ".join(group) for group in self.required)
            raise ComputeTargetError(f"A {self.label} is attached by its {ways}; give that.")

    def nodes(self, settings: Mapping[str, Any]) -> tuple[int, int]:
        """How many nodes it has at least and at most; 0 if it takes no runs."""
        del settings
        return 0, 0

    def idle_seconds(self, settings: Mapping[str, Any]) -> float:
        """How long a node is kept that no run uses."""
        del settings
        return 0.0

    def properties(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as Azure's service writes them."""
        return {camel(name): value for name, value in settings.items()}


class PoolKind(ComputeKind):
    """Nodes of this machine, each a place for one run at a time."""

    @abstractmethod
    def nodes(self, settings: Mapping[str, Any]) -> tuple[int, int]:
        """How many nodes it has at least and at most."""


class ClusterKind(PoolKind):
    """Machines of a cluster, which is asked for room before a run is sent there.

    A run is on one of them, with all of its processes.
    """

    @abstractmethod
    def address(self, settings: Mapping[str, Any]) -> str:
        """Where the cluster's scheduler listens."""

    @abstractmethod
    def wait_seconds(self, settings: Mapping[str, Any]) -> float:
        """How long a run waits for a cluster that is away or has no machine for it, before it fails."""


def camel(name: str) -> str:
    """A setting's name as JSON has it: ``vm_size`` is vmSize."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def whole(name: str, value: object, least: int, why: str) -> int:
    """A whole number of at least ``least``; raises ComputeTargetError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ComputeTargetError(
            f"{name} is {why}, a whole number of {least} or more, not {described(value)}."
        )
    return value


COMPUTES = Registry("aml_magics.kinds.computes", ComputeKind, "kind of compute target")
