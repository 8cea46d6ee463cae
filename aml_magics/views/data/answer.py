"""Answers to a screen's questions about datasets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from aml_magics.services.data.dataset import find
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question
from aml_magics.views.data.dataset import DatasetSubject, dataset_view
from aml_magics.views.data.datasets import datasets_view
from aml_magics.views.data.diff import dataset_diff_view
from aml_magics.views.data.page import MOST_ROWS, dataset_page_view
from aml_magics.views.data.profile import dataset_profile_view
from aml_magics.views.data.row_diff import dataset_row_diff_view

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.data.datasets import DatasetsView
    from aml_magics.views.data.diff import DatasetDiffView
    from aml_magics.views.data.page import DatasetPageView
    from aml_magics.views.data.profile import DatasetProfileView
    from aml_magics.views.data.row_diff import DatasetRowDiffView


@dataclass(frozen=True, slots=True)
class DatasetRowsQuestion:
    """A page of rows; ``sort`` names a column, ``filter`` is a condition such as ``age < 60``."""

    dataset: str
    offset: Natural = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 100
    sort: str = ""
    descending: bool = False
    filter: str = ""


@dataclass(frozen=True, slots=True)
class DatasetProfileQuestion:
    """``exact`` counts distinct values rather than estimating them; ``columns`` are those that are wanted."""

    dataset: str
    exact: bool = False
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DatasetDiffQuestion:
    """From ``dataset`` to ``other``."""

    dataset: str
    other: str


@dataclass(frozen=True, slots=True)
class DatasetRowDiffQuestion:
    """From ``dataset`` to ``other``, row by row.

    ``key`` are the columns that name a row, guessed where it is empty. ``show`` asks for the rows of one state.
    """

    dataset: str
    other: str
    key: tuple[str, ...] = ()
    show: Literal["added", "removed", "changed"] | None = None
    offset: Natural = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = 100


@question
def dataset(store: Store, asked: DatasetSubject) -> DatasetView:
    """A dataset as it is now."""
    return dataset_view(store, find(store, asked.dataset, asked.version))


@question
def dataset_rows(store: Store, asked: DatasetRowsQuestion) -> DatasetPageView:
    """A page of a dataset's rows."""
    return dataset_page_view(
        store,
        find(store, asked.dataset),
        offset=asked.offset,
        limit=asked.limit,
        sort=asked.sort or None,
        descending=asked.descending,
        filter=asked.filter,
    )


@question(keeps=True)
def dataset_profile(store: Store, asked: DatasetProfileQuestion, keep: bool) -> DatasetProfileView:
    """The profile of all columns or some; computed if missing, or if distinct values are asked for."""
    record = find(store, asked.dataset)
    return dataset_profile_view(store, record, exact=asked.exact, columns=asked.columns, keep=keep)


@question
def dataset_diff(store: Store, asked: DatasetDiffQuestion) -> DatasetDiffView:
    """The difference between two versions."""
    return dataset_diff_view(store, find(store, asked.dataset), find(store, asked.other))


@question
def dataset_row_diff(store: Store, asked: DatasetRowDiffQuestion) -> DatasetRowDiffView:
    """The rows that differ between two versions, found again by a key."""
    return dataset_row_diff_view(
        store,
        find(store, asked.dataset),
        find(store, asked.other),
        key=asked.key,
        show=asked.show,
        offset=asked.offset,
        limit=asked.limit,
    )


@question
def datasets(store: Store) -> DatasetsView:
    """All datasets and datastores of the workspace."""
    return datasets_view(store)
