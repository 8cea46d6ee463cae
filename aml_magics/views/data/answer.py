"""Answers to what a screen asks about datasets; ``views/screen/answer.py`` has the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError
from aml_magics.services.data.dataset import find
from aml_magics.views.text.argument import text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.store.store import Store
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.data.diff import DatasetDiffView
    from aml_magics.views.data.page import DatasetPageView

_LARGEST: Final = 2**53
_WORDS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}


def dataset(store: Store, question: Mapping[str, object]) -> DatasetView:
    """A dataset by its name, and version where it is given, or by its id."""
    from aml_magics.views.data.dataset import dataset_view

    version = whole(question, "version", None, 1, _LARGEST)
    return dataset_view(store, find(store, text(question, "dataset"), version))


def dataset_rows(store: Store, question: Mapping[str, object]) -> DatasetPageView:
    """A page of its rows."""
    from aml_magics.views.data.page import MOST_ROWS, dataset_page

    return dataset_page(
        store,
        _found(store, question),
        offset=whole(question, "offset", 0, 0, _LARGEST) or 0,
        limit=whole(question, "limit", 100, 1, MOST_ROWS) or 1,
        sort=text(question, "sort", "") or None,
        descending=_truth(question, "descending"),
        filter=text(question, "filter", ""),
    )


def dataset_profile(store: Store, question: Mapping[str, object]) -> dict[str, Any]:
    """Its columns; made where it has no profile yet, and anew where different values are to be counted."""
    from aml_magics.services.data.profile.profile import ensure
    from aml_magics.views.data.column import column_view
    from aml_magics.views.data.page import COLUMNS

    made = ensure(store, _found(store, question), exact=_truth(question, "exact"))
    columns = [column_view(column) for column in made.columns[:COLUMNS]]
    return {"columns": columns, "rows": made.rows, "notices": list(made.notices)}


def dataset_diff(store: Store, question: Mapping[str, object]) -> DatasetDiffView:
    """From ``dataset`` to ``other``."""
    from aml_magics.views.data.diff import dataset_diff_view

    return dataset_diff_view(store, _found(store, question), _found(store, question, "other"))


def _found(store: Store, question: Mapping[str, object], name: str = "dataset") -> DatasetRecord:
    return find(store, text(question, name))


def _truth(question: Mapping[str, object], name: str) -> bool:
    """A truth value, as JSON or an address carries it.

    Raises:
        UsageError: something else.
    """
    value = question.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    found = _WORDS.get(str(value).strip().lower())
    if found is None:
        raise UsageError(f"{name!r} is true or false, not {value!r:.60}.")
    return found
