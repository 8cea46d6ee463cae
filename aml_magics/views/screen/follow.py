"""Following: what happened to a run, a table or a comparison since it was last asked for.

A follower is asked a few times a second, by one thread at a time, whatever host shows its messages;
they are those of ``labextension/src/ui/message.ts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from aml_magics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store

Message = dict[str, Any]
KINDS = ("run", "runs", "compare")


class Follower(Protocol):
    """Tells what is new."""

    @property
    def is_over(self) -> bool:
        """Whether nothing will follow."""

    def next(self) -> list[Message]:
        """Messages since the last call, ready for JSON; none, at little cost, where nothing is new.

        Raises:
            StoreError: the store does not answer; a later call goes on from the same state.
        """

    def whole(self) -> list[Message]:
        """One message with the state that was told, for who comes late; none before the first call.

        What ``next`` tells goes on from it, whether it was told to somebody else before or not.

        Raises:
            StoreError: the store does not answer.
        """


def follower(
    store: Store, kind: str, subject: Mapping[str, object], token: str | None = None
) -> Follower:
    """What follows a subject.

    Args:
        store: where it is kept.
        kind: ``run``, ``runs`` or ``compare``.
        subject: which one, as ``Subjects`` in ``message.ts``.
        token: the state that is known already and need not be told.

    Raises:
        UsageError: a kind that is not followed, or a subject of another form.
        InvalidFilterError: a table's filter, order or status that cannot be read.
        RunNotFoundError: a run to compare, or the parent of a table, is not there.
    """
    from aml_magics.views.compare.follow import CompareFollower
    from aml_magics.views.run.follow import RunFollower
    from aml_magics.views.run.query import run_query
    from aml_magics.views.run.table_follow import RunTableFollower
    from aml_magics.views.text.argument import text, texts

    if kind == "run":
        return RunFollower(store, text(subject, "run"), token)
    if kind == "runs":
        return RunTableFollower(store, run_query(subject.get("query", {})), token)
    if kind == "compare":
        return CompareFollower(store, texts(subject, "runs"), token)
    raise UsageError(
        f"{kind!r:.60} cannot be followed.{did_you_mean(str(kind), KINDS)} It is one of {', '.join(KINDS)}."
    )
