"""How one file is moved to or from a place: by its own means, and never half-visible."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store.access import reaching
from aml_magics.services.data.store.file_info import UNFINISHED
from aml_magics.services.data.transfer.azure import get_blob, is_azure, put_blob, put_blocks
from aml_magics.services.data.transfer.parallel import Work
from aml_magics.services.data.transfer.range import LARGE, get_ranges, get_rest
from aml_magics.services.data.transfer.s3 import is_s3, put_parts
from aml_magics.services.data.transfer.whole_file import written_whole

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from aml_magics.services.data.store.files import FoundFile
    from aml_magics.services.data.store.location import Place
    from aml_magics.services.data.transfer.parallel import Told
    from aml_magics.services.data.transfer.plan import Download, Upload

_THREADS: Final = 8
_AT_ONCE: Final = 64
_LARGE: Final = 8 << 20
_LARGE_AT_ONCE: Final = 4
"""Files of more bytes than ``_LARGE``, which are moved in several parts at once, each in memory."""
# What is written there appears when it is whole, and folders are but names.
_BUCKETS: Final = frozenset({"abfs", "az", "abfss", "s3", "s3a", "gs", "gcs", "oss"})


def put_all(place: Place, jobs: Sequence[Upload], *, overwrite: bool) -> Generator[Told[Upload]]:
    """Upload; tells when each begins and ends."""
    if place.folder is not None:
        return Work(jobs, _THREADS).in_threads(lambda job: _put_local(place, job))
    if not place.files.async_impl or not _is_bucket(place):
        return Work(jobs, 1).in_threads(lambda job: _put_remote(place, job))

    narrow = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def put(job: Upload) -> None:
        async with narrow if job.size > _LARGE else nullcontext():
            await _put_async(place, job, overwrite=overwrite)

    return Work(jobs, _AT_ONCE).in_loop(place.files.loop, put)


async def _put_async(place: Place, job: Upload, *, overwrite: bool) -> None:
    with reaching(place):
        if is_azure(place.files):
            put = put_blocks if job.size > LARGE else put_blob
            await put(place.files, job.source, job.path, overwrite=overwrite)
        elif is_s3(place.files) and job.size > LARGE:
            await put_parts(place.files, job.source, job.path)
        else:
            await place.files._put_file(str(job.source), job.path)  # noqa: SLF001 -- fsspec's own way to put several at once


def get_all(jobs: Sequence[Download]) -> Generator[Told[Download]]:
    """Download; tells when each begins and ends. All are of one place."""
    if not jobs:
        return Work(jobs, 1).in_threads(_get_local)
    place = jobs[0].file.place
    if place.folder is not None:
        return Work(jobs, _THREADS).in_threads(_get_local)
    if not place.files.async_impl:
        return Work(jobs, 1).in_threads(_get_remote)

    narrow = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def get(job: Download) -> None:
        async with narrow if job.file.size > _LARGE else nullcontext():
            await _get_async(job)

    return Work(jobs, _AT_ONCE).in_loop(place.files.loop, get)


async def _get_async(job: Download) -> None:
    place = job.file.place
    with reaching(place), written_whole(job.target, job.mark, job.part) as temporary:
        if job.part:
            await get_ranges(job.file, temporary)
        elif is_azure(place.files):
            await get_blob(place.files, job.file.path, temporary)
        else:
            await place.files._get_file(job.file.path, str(temporary))  # noqa: SLF001 -- as above
        _check_size(job.file, temporary)


def _is_bucket(place: Place) -> bool:
    protocol: Any = place.files.protocol
    return not _BUCKETS.isdisjoint({protocol} if isinstance(protocol, str) else protocol)


def _put_local(place: Place, job: Upload) -> None:
    mark = job.source.stat().st_mtime_ns
    with reaching(place), written_whole(Path(job.path), mark) as temporary:
        shutil.copyfile(job.source, temporary)


def _put_remote(place: Place, job: Upload) -> None:
    with reaching(place):
        if _is_bucket(place):
            place.files.put_file(str(job.source), job.path)
        else:
            _put_and_rename(place.files, job)


def _put_and_rename(files: Any, job: Upload) -> None:  # noqa: ANN401 -- fsspec ships no types
    folder, slash, _ = job.path.rpartition("/")
    temporary = f"{folder}{slash}.{secrets.token_hex(8)}{UNFINISHED}"
    if folder:
        files.makedirs(folder, exist_ok=True)
    try:
        files.put_file(str(job.source), temporary)
        files.mv(temporary, job.path)
    except BaseException:
        if files.exists(temporary):
            files.rm_file(temporary)
        raise


def _get_local(job: Download) -> None:
    place = job.file.place
    source = place.real(job.file.path)
    with reaching(place), written_whole(job.target, job.mark) as temporary:
        shutil.copyfile(source, temporary)
        _check_size(job.file, temporary)


def _get_remote(job: Download) -> None:
    place = job.file.place
    with reaching(place), written_whole(job.target, job.mark, job.part) as temporary:
        if job.part:
            get_rest(job.file, temporary)
        else:
            place.files.get_file(job.file.path, str(temporary))
        _check_size(job.file, temporary)


def _check_size(file: FoundFile, written: Path) -> None:
    size = written.stat().st_size
    if file.size and size != file.size:
        raise DataAccessError(
            f"{file.path!r:.300} of {file.place_name} had {file.size:,} bytes when it was listed and {size:,} when it "
            "was read: it is being written by others. Try again when that has ended."
        )
