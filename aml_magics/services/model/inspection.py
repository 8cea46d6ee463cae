"""What the files of a model are, told without loading them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreCorruptError
from aml_magics.kinds.model_files._base import HEAD_BYTES, MODEL_FILES, Content

if TYPE_CHECKING:
    from aml_magics.records.model import ModelFile, ModelRecord
    from aml_magics.store.store import Store

MOST_FILES: Final = 100
"""Files of a model that are described."""


@dataclass(frozen=True, slots=True)
class Described:
    """A file of a model.

    ``content`` is None if it is of no kind that is known, or if it could not be read, as ``problem`` says.
    """

    file: ModelFile
    content: Content | None = None
    problem: str = ""


def inspect(store: Store, record: ModelRecord) -> list[Described]:
    """Describe the first ``MOST_FILES`` files of a model; nothing of them is imported or run.

    Raises:
        ArtifactNotFoundError: the bytes of a file are gone.
    """
    kinds = [MODEL_FILES.load(name)() for name in MODEL_FILES.names()]
    found = []
    for file in record.files[:MOST_FILES]:
        with store.blobs.open(file.digest) as opened:
            head = opened.read(HEAD_BYTES)
            opened.seek(0)
            kind = next((one for one in kinds if one.matches(file.name, head)), None)
            try:
                content = None if kind is None else kind.read(opened, file.size)
                found.append(Described(file, content))
            except (ValueError, StoreCorruptError) as error:
                found.append(Described(file, problem=str(error)))
    return found
