"""What Azure would give to a container, as it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ContainerResourceRequirements:
    """Cores, memory and GPUs of one replica."""

    cpu: float
    memory_in_gb: float
    gpu: int | None = None
    cpu_limit: float | None = None
    memory_in_gb_limit: float | None = None

    def serialize(self) -> dict[str, Any]:
        """The same as a dict of JSON types."""
        return {
            "cpu": self.cpu,
            "cpuLimit": self.cpu_limit,
            "memoryInGB": self.memory_in_gb,
            "memoryInGBLimit": self.memory_in_gb_limit,
            "gpu": self.gpu,
        }


@dataclass(frozen=True)
class LivenessProbeRequirements:
    """How Azure would see whether a replica lives; here the service's own process sees it at once."""

    period_seconds: int = 10
    initial_delay_seconds: int = 310
    timeout_seconds: int = 2
    success_threshold: int = 1
    failure_threshold: int = 3


@dataclass(frozen=True)
class AutoScaler:
    """How many replicas there are, and when there are more."""

    autoscale_enabled: bool
    min_replicas: int
    max_replicas: int
    refresh_period_seconds: float
    target_utilization: int


@dataclass(frozen=True)
class DataCollection:
    """Whether what a ModelDataCollector is given is kept."""

    event_hub_enabled: bool
    storage_enabled: bool


@dataclass(frozen=True)
class AksServiceAccessToken:
    """A token, and when it ends; times are seconds since the epoch."""

    access_token: str
    expiry_on: int
    refresh_after: int
    token_type: str = "Bearer"  # noqa: S105 -- a name
