"""Files of remote datastores, kept on this machine as long as they do not change there."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from typing import TYPE_CHECKING

from aml_magics.services.datastore import get
from aml_magics.services.part_file import sweep
from aml_magics.services.transfer_job import Download
from aml_magics.services.transfer_route import get_all
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.services.data_file import FoundFile
    from aml_magics.store.store import Store


def cached(store: Store, files: Sequence[FoundFile]) -> list[Path]:
    """Where copies of remote files are, in their order; those that are not there yet are downloaded.

    A copy is of one version of a file: of its datastore's address, its path, size and stamp.

    Raises:
        DataAccessError: the datastore is away or refuses, or there is no room.
    """
    top = store.folder / "cache"
    make_private(top)
    addresses: dict[str | None, str] = {None: ""}
    paths = []
    for file in files:
        name = file.location.datastore
        if name is not None and name not in addresses:
            record = get(store, name)
            addresses[name] = json.dumps([record.kind, record.settings], sort_keys=True)
        paths.append(top / _key(file, addresses[name]))
    _fetch(files, paths)
    return paths


def _key(file: FoundFile, address: str) -> str:
    parts = [address, file.location.path, str(file.size), file.stamp]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{digest[:2]}/{digest}"


def _fetch(files: Sequence[FoundFile], paths: Sequence[Path]) -> None:
    wanted: dict[int, list[Download]] = {}
    for number, (file, path) in enumerate(zip(files, paths, strict=True)):
        if not path.exists():
            wanted.setdefault(id(file.place), []).append(Download(number, file, path, None))
    for jobs in wanted.values():
        sweep({job.target.parent for job in jobs})
        with closing(get_all(jobs)) as moved:
            for job, is_done in moved:
                if is_done:
                    job.target.chmod(0o400)  # several runs read it
