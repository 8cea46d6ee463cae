"""Answers to a screen's questions about datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import UsageError
from aml_magics.services.data.dataset import find
from aml_magics.views.data.dataset import dataset_view
from aml_magics.views.data.datasets import datasets_view
from aml_magics.views.data.diff import dataset_diff_view
from aml_magics.views.data.page import MOST_ROWS, dataset_page_view
from aml_magics.views.data.profile import dataset_profile_view
from aml_magics.views.data.row_diff import dataset_row_diff_view
from aml_magics.views.text.argument import LARGEST, text, texts, truth, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.store.store import Store
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.data.datasets import DatasetsView
    from aml_magics.views.data.diff import DatasetDiffView
    from aml_magics.views.data.page import DatasetPageView
    from aml_magics.views.data.profile import DatasetProfileView
    from aml_magics.views.data.row_diff import DatasetRowDiffView

    Question = Mapping[str, object]


def dataset(store: Store, question: Question) -> DatasetView:
    """A dataset by name and optional version, or by id."""
    version = whole(question, "version", None, 1, LARGEST)
    return dataset_view(store, find(store, text(question, "dataset"), version))


def dataset_rows(store: Store, question: Question) -> DatasetPageView:
    """A page of a dataset's rows."""
    return dataset_page_view(
        store,
        _found(store, question),
        offset=whole(question, "offset", 0, 0, LARGEST) or 0,
        limit=whole(question, "limit", 100, 1, MOST_ROWS) or 1,
        sort=text(question, "sort", "") or None,
        descending=truth(question, "descending"),
        filter=text(question, "filter", ""),
    )


def dataset_profile(store: Store, question: Question) -> DatasetProfileView:
    """The profile of all columns or some; computed if missing, or if distinct values are asked for."""
    columns = None if question.get("columns") is None else texts(question, "columns")
    return dataset_profile_view(
        store, _found(store, question), exact=truth(question, "exact"), columns=columns
    )


def dataset_diff(store: Store, question: Question) -> DatasetDiffView:
    """The difference from ``dataset`` to ``other``."""
    return dataset_diff_view(store, _found(store, question), _found(store, question, "other"))


def dataset_row_diff(store: Store, question: Question) -> DatasetRowDiffView:
    """The rows that differ from ``dataset`` to ``other``, found again by a key."""
    show = text(question, "show", "")
    if show not in ("", "added", "removed", "changed"):
        raise UsageError(f"'show' is added, removed or changed, or is left out, not {show!r:.60}.")
    return dataset_row_diff_view(
        store,
        _found(store, question),
        _found(store, question, "other"),
        key=texts(question, "key") if question.get("key") else (),
        show=show or None,
        offset=whole(question, "offset", 0, 0, LARGEST) or 0,
        limit=whole(question, "limit", 100, 1, MOST_ROWS) or 1,
    )


def datasets(store: Store, question: Question) -> DatasetsView:
    """All datasets and datastores of the workspace."""
    del question
    return datasets_view(store)


def _found(store: Store, question: Question, name: str = "dataset") -> DatasetRecord:
    return find(store, text(question, name))
