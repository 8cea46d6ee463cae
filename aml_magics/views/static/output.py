"""A notebook output: one screen in every form a front end may pick, small enough to be saved.

Our front end draws the payload and brings it to life, others show the HTML (VS Code, GitHub,
nbconvert), and a terminal the text. ``labextension/src/ui/place/snapshot.ts`` reads the payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.views.text.encoding import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.views.static.page import Page

Snapshot = dict[str, Any]
Bundle = dict[str, Any]
T = TypeVar("T")

VERSION: Final = 1

MOST_BYTES: Final = 20_000
"""Size limit without table rows; long texts and long lists are cut until the rest fits."""

SHARES: Final = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Output:
    """One screen; each form is made on first use."""

    mime: str
    make_snapshot: Callable[[], Snapshot]
    make_page: Callable[[], Page]

    @cached_property
    def snapshot(self) -> Snapshot:
        """The payload that our front end draws, as ``snapshot.ts`` describes it."""
        return self.make_snapshot()

    @cached_property
    def _page(self) -> Page:
        return self.make_page()

    @property
    def html(self) -> str:
        """The page without scripts."""
        return self._page.html

    @property
    def text(self) -> str:
        """The lines for a terminal."""
        return self._page.text

    def payload(self, widget: str | None = None) -> Bundle:
        """The payload alone, by its MIME type.

        Args:
            widget: id of the live widget that shows the same.
        """
        live = {} if widget is None else {"widget": widget}
        return {self.mime: packed({**self.snapshot, **live})}

    def bundle(self, widget: str | None = None) -> Bundle:
        """All forms, by MIME type."""
        return {**self.payload(widget), "text/html": self.html, "text/plain": self.text}


def snapshot_of(workspace: str, view: object) -> Snapshot:
    """The payload of a view that is already small."""
    return {"version": VERSION, "workspace": workspace, "view": from_json(to_json(view))}


def packed(snapshot: Snapshot) -> Snapshot:
    """The payload as saved: the view is JSON text, and field names are stored once.

    A notebook is written with a line and its indentation for each number of a list, which would
    triple the size. ``unpacked`` in ``snapshot.ts`` is the way back.
    """
    return {**snapshot, "view": to_json(_by_column(snapshot["view"])).decode()}


def fitting(small: Callable[[int], T]) -> T:
    """The largest payload that fits; ``small`` makes it for a share of the full content."""
    for share in SHARES:
        made = small(share)
        if len(to_json(_by_column(from_json(to_json(made))))) <= MOST_BYTES:
            break
    return made


def _by_column(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Turn lists of objects with the same fields into one object: the fields, and one row per object."""
    if isinstance(value, dict):
        return {name: _by_column(item) for name, item in value.items()}
    if not isinstance(value, list) or not value or not isinstance(value[0], dict | list):
        return value
    items = [_by_column(item) for item in value]
    names = list(items[0]) if isinstance(items[0], dict) else []
    if (
        len(items) > 1
        and names
        and all(isinstance(one, dict) and list(one) == names for one in items)
    ):
        return {"$fields": names, "$rows": [list(one.values()) for one in items]}
    return items
