"""A run: one execution with its inputs and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from traceback import format_exception
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.records.secret import mask

if TYPE_CHECKING:
    from aml_magics.records.status import RunStatus

RESTORABLE_SECONDS: Final = 30 * 86_400.0
"""Seconds for which a deleted run can be restored; then its rows and files go."""

LOST: Final = "ProcessGone"
"""The code of the error of a run whose process was killed: that is no failure of its script."""

Scalar = float | int | str | bool | None
FieldKind = Literal["param", "tag", "property"]


@dataclass(frozen=True, slots=True)
class RunError:
    """Why a run failed."""

    code: str
    message: str
    traceback: str = ""

    @classmethod
    def told(cls, details: object, code: object = None) -> RunError:
        """The error given to ``run.fail``: a text or an exception, and a code for it."""
        kind = type(details).__name__ if isinstance(details, BaseException) else "UserError"
        return cls(str(code or kind), mask(str(details or "")))

    @classmethod
    def of(cls, error: BaseException) -> RunError:
        """The error for an exception with its traceback; apparent secrets are masked."""
        text = "".join(format_exception(error))
        return cls(type(error).__name__, mask(str(error)), mask(text))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end status of a run whose process is gone or silent; shown if the store is read-only."""

    status: RunStatus
    reason: str
    error: RunError | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run in the catalogue; times are seconds since the epoch, UTC.

    ``key`` is the catalogue's own number for the run, ``number`` its place in the experiment.
    ``reason`` is one line for people about the status: what failed, who canceled. ``starred``, ``archived``
    and ``deleted`` are since when.
    """

    key: int
    id: str
    experiment: str
    number: int
    name: str
    status: RunStatus
    created: float
    type: str | None = None
    description: str = ""
    started: float | None = None
    ended: float | None = None
    duration: float | None = None
    parent: str | None = None
    target: str = "local"
    attempt: int = 1
    owner: str | None = None
    reason: str = ""
    error: RunError | None = None
    cancel_requested: bool = False
    starred: float | None = None
    archived: float | None = None
    deleted: float | None = None
    params: dict[str, Scalar] = field(default_factory=dict)
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
