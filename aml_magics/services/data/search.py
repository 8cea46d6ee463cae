"""Finding a dataset by what somebody typed: its name or its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DatasetNotFoundError
from aml_magics.services.data import dataset as datasets

if TYPE_CHECKING:
    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.store.store import Store

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def find(store: Store, word: str, version: int | str | None = None) -> DatasetRecord:
    """The dataset of an id, else of a name: in its newest version unless one is named.

    Raises:
        DatasetNotFoundError: there is none; the message says what is near.
    """
    if version is None and _ID.fullmatch(word.strip()):
        try:
            return datasets.get_by_id(store, word)
        except DatasetNotFoundError:
            if word not in datasets.names(store):
                raise
    return datasets.get_by_name(store, word, version)
