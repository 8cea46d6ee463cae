"""What one copy of a model needs of a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import InvalidArgumentError, described

if TYPE_CHECKING:
    from collections.abc import Mapping


class ResourceConfiguration:
    """Resources of a machine.

    Args:
        cpu: cores, also fractions.
        memory_in_gb: memory, GB.
        gpu: number of GPUs.

    Raises:
        InvalidArgumentError: a value is not a positive number.
    """

    def __init__(
        self, cpu: float | None = None, memory_in_gb: float | None = None, gpu: int | None = None
    ) -> None:
        for name, value in (("cpu", cpu), ("memory_in_gb", memory_in_gb), ("gpu", gpu)):
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if value is not None and not (is_number and value > 0):
                raise InvalidArgumentError(
                    f"{name} of a ResourceConfiguration is a number above 0, or None; not {described(value)}."
                )
        self.cpu = cpu
        self.memory_in_gb = memory_in_gb
        self.gpu = gpu

    def serialize(self) -> dict[str, Any]:
        """The same as a dict of JSON types."""
        return {"cpu": self.cpu, "memoryInGB": self.memory_in_gb, "gpu": self.gpu}

    @classmethod
    def deserialize(cls, payload_obj: Mapping[str, Any] | None) -> Self | None:
        """Restore from the result of ``serialize``; None from None."""
        if payload_obj is None:
            return None
        return cls(*(payload_obj.get(key) for key in ("cpu", "memoryInGB", "gpu")))

    def __repr__(self) -> str:
        return f"ResourceConfiguration(cpu={self.cpu}, memory_in_gb={self.memory_in_gb}, gpu={self.gpu})"
