"""An image: models, scoring code and an environment under a name and a version, ready to be deployed or built."""

from __future__ import annotations

from dataclasses import dataclass, field

from aml_magics.records.service import Deployment  # noqa: TC001 -- msgspec reads the type


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One version of an image; times are seconds since the epoch, UTC.

    ``version`` counts from 1 for each name. ``deployment`` is what a service of the image runs: it is fixed, as is
    the content of an image. ``key`` is that of its row, 0 before it has one.
    """

    name: str
    version: int
    created: float
    updated: float
    deployment: Deployment
    author: str = ""
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str | None] = field(default_factory=dict)
    key: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """The name and the version, as Azure writes it."""
        return f"{self.name}:{self.version}"
