"""Questions, subscriptions and outputs by kind: the folders of ``views/`` are the registry.

What an area answers is in its modules ``answer``, ``follow`` and ``output``, or in those whose names end
in one of these after ``_``. Another package adds an area by an entry point of the group
``aml_magics.views``, ``name = "package"``; it cannot replace a kind of ours. A module is imported when
a kind is asked for that stands in it, so that a server starts without the libraries that read data.
"""

from __future__ import annotations

import logging
import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from aml_magics import views
from aml_magics._registry import entry_points_of
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.views.contract.question import Question, Registered, Snapshot, Subject
from aml_magics.views.text.encoding import to_data, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.store.store import Store
    from aml_magics.views.contract.question import Subscription
    from aml_magics.views.static.output import Output
    from aml_magics.views.text.encoding import Event

R = TypeVar("R", bound=Registered[Any, Any])
_log = logging.getLogger("aml_magics")


class Family(Generic[R]):
    """All registered functions of one sort.

    Args:
        module: how the modules that hold them are named.
        unknown: what is said of a kind that is none; ``{}`` stands for it.
    """

    def __init__(self, module: str, base: type[R], unknown: str) -> None:
        self._module = module
        self._base = base
        self._unknown = unknown
        self._found: dict[str, R] = {}

    def get(self, kind: str) -> R:
        """The function of a kind; UsageError if there is none."""
        found = self._found.get(kind)
        if found is None:
            found = self._found[kind] = self._search(kind)
        return found

    def has(self, kind: str) -> bool:
        """Whether there is a function of a kind."""
        return kind in self._found or kind in self.all()

    def all(self) -> dict[str, R]:
        """All functions by kind; imports every area."""
        kinds: dict[str, R] = {}
        for module in _modules(self._module):
            for one in self._of(module):
                kinds.setdefault(one.kind, one)
        return kinds

    def _search(self, kind: str) -> R:
        # A module is imported early if it looks as if it had the kind: others may take long to import.
        for module in sorted(_modules(self._module), key=lambda one: not _mentions(one, kind)):
            for one in self._of(module):
                if one.kind == kind:
                    return one
        kinds = self.all()
        near = did_you_mean(str(kind), kinds)
        raise UsageError(
            f"{self._unknown.format(f'{kind!r:.60}')}{near} It is one of {', '.join(kinds)}."
        )

    def _of(self, module: str) -> Iterator[R]:
        for value in vars(import_module(module)).values():
            if isinstance(value, self._base) and value.function.__module__ == module:
                yield value


QUESTIONS: Final[Family[Question[Any, Any]]] = Family(
    "answer", Question, "There is no question {}."
)
SUBJECTS: Final[Family[Subject[Any, Any]]] = Family("follow", Subject, "{} cannot be followed.")
OUTPUTS: Final[Family[Snapshot[Any]]] = Family("output", Snapshot, "There is no output of {}.")


def answer(store: Store, kind: str, question: object) -> Any:  # noqa: ANN401 -- JSON
    """The answer to a question, ready for JSON.

    Args:
        kind: the name of a question, such as ``points``.
        question: its arguments, an object of JSON.

    Raises:
        AmlError: any reason that prevents an answer, in words for people.
    """
    return to_data(QUESTIONS.get(kind).answer(store, question, may_write=True))


def answer_json(store: Store, kind: str, question: object, *, may_write: bool = True) -> bytes:
    """The answer to a question as JSON; ``may_write`` is whether the user may change the workspace."""
    return to_json(QUESTIONS.get(kind).answer(store, question, may_write=may_write))


def subscribe(
    store: Store, kind: str, subject: object, token: str | None = None
) -> Subscription[Event]:
    """A subscription to the changes of a subject.

    Args:
        kind: the name of a subject, such as ``run``.
        subject: which one, an object of JSON.
        token: the state that the listener already has; its events come after it.

    Raises:
        UsageError: an unknown kind, or a malformed subject.
        AmlError: the subject cannot be followed, such as a table whose filter cannot be read.
    """
    found: Subscription[Event] = SUBJECTS.get(kind).call(store, subject, token)
    return found


def can_be_followed(kind: str) -> bool:
    """Whether there are subscriptions to subjects of a kind; what does not change by itself has none."""
    return SUBJECTS.has(kind)


def output_of(store: Store, kind: str, subject: object) -> Output:
    """The output of a subject as it is now, in every form that a front end may pick.

    Raises:
        UsageError: an unknown kind, or a malformed subject.
        AmlError: the subject cannot be read.
    """
    return OUTPUTS.get(kind).call(store, subject)


@cache
def _modules(ending: str) -> tuple[str, ...]:
    """The modules of all areas with this name or ending; ours first."""
    own = [f"{views.__name__}.{one.name}" for one in pkgutil.iter_modules(views.__path__)]
    found: list[str] = []
    for area in (*own, *_added_areas()):
        paths = getattr(import_module(area), "__path__", None)
        if paths is None:  # an added area of a single module
            found.append(area)
            continue
        names = [one.name for one in pkgutil.iter_modules(paths)]
        found += [
            f"{area}.{name}" for name in names if name == ending or name.endswith(f"_{ending}")
        ]
    return tuple(found)


def _added_areas() -> list[str]:
    areas = []
    for point in entry_points_of(views.__name__).values():
        try:
            import_module(point.value)
        except ImportError as error:
            adder = point.dist.name if point.dist else "a package"
            _log.warning("the screens of %s (%s) cannot be imported: %s", adder, point.value, error)
        else:
            areas.append(point.value)
    return areas


def _mentions(module: str, kind: str) -> bool:
    spec = find_spec(module)
    source = getattr(spec and spec.loader, "get_source", lambda _: None)(module)
    return f"\ndef {kind}(" in (source or "")
