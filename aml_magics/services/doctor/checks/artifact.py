"""Files of runs: whether the bytes that the catalogue names exist."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.doctor.checks._base import Check, Finding, fail, kept_catalogue, ok, warn
from aml_magics.store.catalogue.schema import artifact, run
from aml_magics.store.files.blob import BlobStore
from aml_magics.store.home import read_description

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REMOTE_FILES: Final = 50
"""How many of the newest files are opened where each costs a request."""

Row = sa.Row[tuple[str, int, str, str]]


class ArtifactCheck(Check):
    """Compares the catalogue's files with the stored ones."""

    reads_runs = True

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Missing or truncated files, and unfinished uploads."""
        record = read_description(folder)
        with kept_catalogue(folder) as catalogue:
            if catalogue is None or record is None:
                yield ok("none kept yet")
                return
            blobs = BlobStore(record.artifacts or str(folder / "artifacts"))
            with catalogue.read() as connection:
                rows = connection.execute(_query(blobs)).all()
        lost = [row for row in rows if not _is_whole(blobs, row)]
        if lost:
            yield _lost(blobs, lost, len(rows))
        else:
            which = "all" if blobs.is_local else f"the newest {len(rows)}"
            yield ok(f"{which} are at {blobs.url}" if rows else f"none at {blobs.url} yet")
        yield from _unfinished(blobs)


def _query(blobs: BlobStore) -> sa.Select[tuple[str, int, str, str]]:
    columns = (artifact.c.digest, artifact.c.size, artifact.c.name, run.c.id)
    query = sa.select(*columns).join(run, run.c.key == artifact.c.run)
    query = query.order_by(artifact.c.created.desc())
    return query if blobs.is_local else query.limit(REMOTE_FILES)


def _is_whole(blobs: BlobStore, row: Row) -> bool:
    path = blobs.local_path(row.digest)
    if path is not None:
        return path.is_file() and path.stat().st_size == row.size
    try:
        blobs.open(row.digest).close()
    except ArtifactNotFoundError:
        return False
    return True


def _lost(blobs: BlobStore, lost: Sequence[Row], of: int) -> Finding:
    first = lost[0]
    return fail(
        f"{len(lost)} of {of} have lost their bytes, such as {first.name!r} of run {first.id}",
        f"put back {blobs.url}/{first.digest[:2]}/{first.digest} and the others from a backup",
    )


def _unfinished(blobs: BlobStore) -> Iterator[Finding]:
    incoming = Path(blobs.url.removeprefix("file://")) / "incoming"
    parts = list(incoming.iterdir()) if blobs.is_local and incoming.is_dir() else []
    if parts:
        size = sum(part.stat().st_size for part in parts)
        yield warn(
            f"{len(parts)} unfinished uploads take {size:,} bytes",
            f"when no run is open: rm -r {shlex.quote(str(incoming))}",
        )
