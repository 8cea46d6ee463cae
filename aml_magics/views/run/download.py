"""The bytes of a run's file, for a download."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.run import artifact, run
from aml_magics.services.run.log import LOG_NAME, log_path

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def open_download(store: Store, run_id: str, name: str) -> tuple[IO[bytes], int, str]:
    """A file's stream, its size in bytes and its digest.

    The output of a live run is served as it is so far, without a digest.
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
