"""The folder ``./outputs``: what a run writes there is kept with it, as Azure ML does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from aml_magics.errors import InvalidPathError, QuarantineWarning
from aml_magics.services.run.artifact import add_file, files_below

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def keep_outputs(
    store: Store, record: RunRecord, folder: Path, since: float
) -> list[ArtifactRecord]:
    """Keep the files below a folder that changed since a time (seconds since the epoch).

    Files that an earlier run left there are not this run's and are passed over. Of a file whose
    name cannot be kept, or that cannot be read, a :class:`QuarantineWarning` tells.
    """
    if not folder.is_dir():
        return []
    kept = []
    for name, path in files_below(folder):
        try:
            status = path.stat()
            # a copied file may carry an old mtime; its inode changed now all the same
            if max(status.st_mtime, status.st_ctime) >= since - 0.01:
                kept.append(add_file(store, record, f"{folder.name}/{name}", path))
        except (InvalidPathError, OSError) as error:  # the run ends well without this one
            warnings.warn(
                f"{str(path)!r} is not kept with the run: {error}", QuarantineWarning, stacklevel=2
            )
    return kept
