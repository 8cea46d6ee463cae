"""What a workspace keeps of pipelines under an id, with a name and a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from typing import Self

    from aml_magics.sdk.workspace.workspace import Workspace


class KeptRecord(Protocol):
    """The record of what is kept."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """Its description."""


RecordT = TypeVar("RecordT", bound=KeptRecord)


class Kept(Generic[RecordT]):
    """A handle of what is kept, as it was when it was read or changed last."""

    _workspace: Workspace
    _record: RecordT

    @classmethod
    def _of(cls, workspace: Workspace, record: RecordT) -> Self:
        made = cls.__new__(cls)
        made._workspace, made._record = workspace, record
        return made

    @property
    def id(self) -> str:
        """Its id."""
        return self._record.id

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def description(self) -> str:
        """Its description."""
        return self._record.description
