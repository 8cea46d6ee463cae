"""A file of a run as its bytes, for a download."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.run import artifact, run
from aml_magics.services.run.log import LOG_NAME, log_path

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def open_download(store: Store, run_id: str, name: str) -> tuple[IO[bytes], int, str]:
    """The bytes of a file, their number and their digest.

    Of the output of a run that is alive it is what there is of it, without a digest.

    Raises:
        RunNotFoundError: there is no such run.
        ArtifactNotFoundError: it has no such file.
        InvalidPathError: the name would leave the run.
    """
    record = run.get(store, run_id)
    try:
        found = artifact.find_file(store, record, name)
    except ArtifactNotFoundError:
        path = log_path(store, record)
        if name != LOG_NAME or not path.exists():
            raise
        return path.open("rb"), path.stat().st_size, ""
    return store.blobs.open(found.digest), found.size, found.digest
