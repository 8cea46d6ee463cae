"""Questions and subscriptions by name: the ``Questions`` and ``Subjects`` of ``message.ts``.

Each line names the function that answers; its module is imported at the first question, so that a
server starts without the libraries that read data. To add a screen, add its lines here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from aml_magics.errors import UsageError, did_you_mean
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import Event

ANSWERS: Final = {
    "points": "run.answer:points",
    "log": "run.answer:log",
    "preview": "run.answer:preview",
    "snapshot": "run.answer:snapshot",
    "diff": "run.answer:diff",
    "ghosts": "compare.answer:ghosts",
    "cancel": "run.answer:cancel",
    "runs": "run.answer:runs",
    "compare": "compare.answer:compare",
    "dataset": "data.answer:dataset",
    "dataset_rows": "data.answer:dataset_rows",
    "dataset_profile": "data.answer:dataset_profile",
    "dataset_diff": "data.answer:dataset_diff",
    "dataset_row_diff": "data.answer:dataset_row_diff",
    "datasets": "data.answer:datasets",
    "run": "run.answer:run",
    "experiments": "run.answer:experiments",
}
FOLLOWED: Final = {
    "run": "run.follow:subscribe",
    "runs": "run.table_follow:subscribe",
    "compare": "compare.follow:subscribe",
}


class Subscription(Protocol):
    """Reports what changed in a run, a table or a comparison since the last call.

    It is polled a few times a second, by one thread at a time, whatever host shows its events.
    """

    @property
    def is_over(self) -> bool:
        """Whether no event will follow."""

    def next(self) -> list[Event]:
        """Events since the last call; empty, at little cost, if nothing is new.

        Raises:
            StoreError: the store does not answer; a later call goes on from the same state.
        """

    def whole(self) -> list[Event]:
        """One event with the state as of the last event, for a listener that comes late.

        Empty before the first call of ``next``, whose later events go on from this state.

        Raises:
            StoreError: the store does not answer.
        """


def answer(store: Store, kind: str, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    """The answer to a question, ready for JSON.

    Args:
        kind: a name of ``Questions`` in ``message.ts``, such as ``points``.
        question: its arguments.

    Raises:
        AmlError: any reason that prevents an answer, in words for people.
    """
    if kind not in ANSWERS:
        raise UsageError(f"There is no question {kind!r:.60}.{_known(kind, ANSWERS)}")
    return to_data(_load(ANSWERS[kind])(store, question))


def subscribe(
    store: Store, kind: str, subject: Mapping[str, object], token: str | None = None
) -> Subscription:
    """A subscription to the changes of a subject.

    Args:
        kind: ``run``, ``runs`` or ``compare``.
        subject: as ``Subjects`` in ``message.ts``.
        token: the state that the listener already has; its events come after it.

    Raises:
        UsageError: an unknown kind, or a malformed subject.
        InvalidFilterError: a table's filter, order or status that cannot be read.
        RunNotFoundError: a run to compare, or the parent of a table, does not exist.
    """
    if kind not in FOLLOWED:
        raise UsageError(f"{kind!r:.60} cannot be followed.{_known(kind, FOLLOWED)}")
    found: Subscription = _load(FOLLOWED[kind])(store, subject, token)
    return found


def _load(location: str) -> Any:  # noqa: ANN401 -- a function of an area
    module, _, name = location.partition(":")
    return getattr(import_module(f"aml_magics.views.{module}"), name)


def _known(kind: str, table: Mapping[str, str]) -> str:
    return f"{did_you_mean(str(kind), table)} It is one of {', '.join(table)}."
