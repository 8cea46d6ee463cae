"""Questions of screens, subscriptions to what they show, and the outputs of notebooks.

A function of an area's ``answer.py`` answers the question of its name, one of ``follow.py`` makes the
subscription, one of ``output.py`` the output::

    @question
    def points(store: Store, asked: PointsQuestion) -> PointsView | None: ...


    @question(changes=True)
    def cancel(store: Store, asked: RunQuestion) -> CancelView: ...


    @subscription
    def run(store: Store, subject: RunQuestion, token: str | None) -> Subscription[RunEvent]: ...


    @output
    def run(store: Store, subject: RunQuestion) -> Output: ...

The annotations are the contract: the arguments are a dataclass of the same module, or imported there,
and ``labextension/src/contract.gen.ts`` is written from all of them. A function without arguments
takes the store alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial, update_wrapper
from inspect import signature
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar, overload

from aml_magics.errors import UsageError
from aml_magics.views.contract.argument import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store
    from aml_magics.views.static.output import Output

P = ParamSpec("P")
V = TypeVar("V")
E = TypeVar("E")


class Subscription(Protocol[E]):
    """Reports what changed in a subject since the last call.

    It is polled a few times a second, by one thread at a time, whatever host shows its events.
    """

    @property
    def is_over(self) -> bool:
        """Whether no event will follow."""

    def next(self) -> list[E]:
        """Events since the last call; empty, at little cost, if nothing is new.

        Raises:
            StoreError: the store does not answer; a later call goes on from the same state.
        """

    def whole(self) -> list[E]:
        """One event with the state as of the last event, for a listener that comes late.

        Empty before the first call of ``next``, whose later events go on from this state.

        Raises:
            StoreError: the store does not answer.
        """


@dataclass(frozen=True, slots=True)
class _Nothing:
    """No arguments."""


class Registered(Generic[P, V]):
    """A function of a kind, which is the function's name."""

    noun = "function"

    def __init__(self, function: Callable[P, V]) -> None:
        self.function = function
        self.kind = function.__name__
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> V:
        """Call the function as any other."""
        return self.function(*args, **kwargs)

    @cached_property
    def argument(self) -> type[Any] | None:
        """The dataclass of the arguments; None if there are none."""
        parameters = list(signature(self.function).parameters.values())[1:2]
        if not parameters or parameters[0].name == "token":
            return None
        hint = parameters[0].annotation
        found = self.function.__globals__.get(hint) if isinstance(hint, str) else hint
        if not isinstance(found, type):
            raise UsageError(
                f"The {self.noun} {self.kind!r} takes a dataclass that its module {self.function.__module__} "
                f"imports at run time, and {hint!r} is none."
            )
        return found

    def call(self, store: Store, given: object, *rest: object) -> V:
        """Call the function with arguments from JSON.

        Raises:
            UsageError: the arguments break the rules of their dataclass.
        """
        what = f"The {self.noun} {self.kind!r}"
        function: Any = self.function
        if self.argument is None:
            parsed(_Nothing, given, what)
            return function(store, *rest)  # type: ignore[no-any-return]
        return function(store, parsed(self.argument, given, what), *rest)  # type: ignore[no-any-return]


class Question(Registered[P, V]):
    """Answers a question.

    Args:
        changes: whether it changes something, which not every user of a server may.
        keeps: whether what it works out is kept for the next time, unless its user may change nothing.
    """

    noun = "question"

    def __init__(
        self, function: Callable[P, V], *, changes: bool = False, keeps: bool = False
    ) -> None:
        super().__init__(function)
        self.changes = changes
        self.keeps = keeps

    def answer(self, store: Store, given: object, *, may_write: bool) -> V:
        """The answer to arguments from JSON; raises as :meth:`call`."""
        return self.call(store, given, may_write) if self.keeps else self.call(store, given)


class Subject(Registered[P, V]):
    """Makes subscriptions to subjects of its kind, from the state that a token names."""

    noun = "subject"


class Snapshot(Registered[P, "Output"]):
    """Makes the output of a subject as it is now."""

    noun = "output"


@overload
def question(function: Callable[P, V]) -> Question[P, V]: ...
@overload
def question(
    *, changes: bool = False, keeps: bool = False
) -> Callable[[Callable[P, V]], Question[P, V]]: ...
def question(function: Any = None, *, changes: bool = False, keeps: bool = False) -> Any:
    """Register the function as the answer to the question of its name.

    Args:
        changes: whether it changes something, so that it is authorized as a write.
        keeps: whether it keeps what it works out; the function takes ``keep`` then, which is false for a user
            who may only read.
    """
    if function is None:
        return partial(Question, changes=changes, keeps=keeps)
    return Question(function)


def subscription(function: Callable[P, V]) -> Subject[P, V]:
    """Register the function as what makes subscriptions to subjects of its name."""
    return Subject(function)


def output(function: Callable[P, Output]) -> Snapshot[P]:
    """Register the function as what makes outputs of subjects of its name."""
    return Snapshot(function)
