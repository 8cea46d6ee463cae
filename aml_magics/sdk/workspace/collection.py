"""A workspace's objects of one type, by name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from aml_magics.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.sdk.workspace.workspace import Workspace

T = TypeVar("T")


class Collection(Mapping[str, T]):
    """The base of ``workspace.datasets`` and its like; every access reads the workspace again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @abstractmethod
    def _names(self) -> list[str]:
        """The names, in order."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __repr__(self) -> str:
        return repr(dict(self))

    def _drawn(self) -> dict[str, Any] | None:
        """What a notebook shows for it, by MIME type; None for the text alone, which is Azure's."""
        return None

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        with suppress(StoreError):  # the text says why
            return self._drawn()
        return None
