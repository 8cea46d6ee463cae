"""What a place says when it cannot be reached, in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.services.data.store.location import Place


@contextmanager
def reaching(place: Place) -> Iterator[None]:
    """Around what reads or writes there.

    Raises:
        DataAccessError: it is away, refuses the credentials, or has no such file.
    """
    try:
        yield
    except AmlError:
        raise
    except Exception as error:  # noqa: BLE001 -- of any file system; said in our words
        raise place.failed(error) from None  # what it says may hold a credential
