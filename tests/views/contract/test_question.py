from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import UsageError
from aml_magics.views.contract.question import question, subscription

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True)
class Asked:
    size: int = 1


@question
def double(store: Store, asked: Asked) -> int:
    """Twice the size."""
    return 2 * asked.size


@question(changes=True)
def forget(store: Store) -> None:
    """Takes nothing."""


@subscription
def steps(store: Store, subject: Asked, token: str | None) -> Any:
    """Gives its arguments."""
    return subject.size, token


def test_a_function_is_registered_by_its_name_and_called_as_before() -> None:
    store: Any = None

    assert (double.kind, double.changes, double.__doc__) == ("double", False, "Twice the size.")
    assert double(store, Asked(3)) == double.call(store, {"size": 3}) == 6
    assert (forget.kind, forget.changes, forget.argument) == ("forget", True, None)
    assert steps.call(store, {}, "t") == (1, "t")


def test_a_question_without_arguments_takes_none() -> None:
    with pytest.raises(UsageError, match=r"^The question 'forget' has no field 'x'\. It has none"):
        forget.call(None, {"x": 1})  # type: ignore[arg-type]


def test_arguments_must_be_a_dataclass_that_is_there_at_run_time() -> None:
    @question
    def broken(store: Store, asked: Nowhere) -> None:  # noqa: F821 -- as if imported for types
        """Its argument is not imported."""

    with pytest.raises(UsageError, match="imports at run time, and 'Nowhere' is none"):
        broken.call(None, {})  # type: ignore[arg-type]
