"""Large files to and from S3, by the client that s3fs has open."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.transfer.azure import check_unchanged
from aml_magics.services.data.transfer.prefetch import ahead

if TYPE_CHECKING:
    from pathlib import Path

_PART: Final = 8 << 20
_MOST_PARTS: Final = 10_000
_AT_ONCE: Final = 4


def is_s3(files: Any) -> bool:  # noqa: ANN401 -- s3fs ships no types
    """Whether a file system is s3fs's."""
    return "s3" in files.protocol and hasattr(files, "_call_s3")


async def put_parts(files: Any, source: Path, path: str) -> None:  # noqa: ANN401
    """Upload a file in parts, which become an object all at once.

    What an earlier call left is gone on with where every part of it is one of this file. A store that
    encrypts by keys of KMS does not tell the checksums of parts: there all begins anew.

    Raises:
        DataAccessError: the file changed meanwhile, or others completed the same upload.
    """
    bucket, key, _ = files.split_path(path)
    named = {"Bucket": bucket, "Key": key}
    with source.open("rb") as file:
        about = os.fstat(file.fileno())
        ranges = part_ranges(about.st_size)
        upload, there = await _unfinished(files, named, file.fileno(), ranges)
        kind = {"ContentType": kind} if (kind := mimetypes.guess_type(source)[0]) else {}
        if not upload:
            made = await files._call_s3("create_multipart_upload", **named, **kind)  # noqa: SLF001 -- s3fs's own way
            upload = made["UploadId"]

        async def put(number: int) -> dict[str, Any]:
            etag = there.get(number)
            if etag is None:
                data = await asyncio.to_thread(os.pread, file.fileno(), *ranges[number - 1])
                told = await files._call_s3(  # noqa: SLF001 -- as above
                    "upload_part", **named, UploadId=upload, PartNumber=number, Body=data
                )
                etag = told["ETag"]
            return {"PartNumber": number, "ETag": etag}

        numbers = range(1, len(ranges) + 1)
        async with aclosing(ahead(numbers, _AT_ONCE, put)) as done:
            parts = [part async for part in done]
        check_unchanged(source, about, os.fstat(file.fileno()))
    try:
        await files._call_s3(  # noqa: SLF001 -- as above
            "complete_multipart_upload", **named, UploadId=upload, MultipartUpload={"Parts": parts}
        )
    except FileNotFoundError as error:
        raise DataAccessError(
            f"{path!r:.300} was written by others in this moment, who completed the same upload; try again."
        ) from error
    files.invalidate_cache(files._parent(path))  # noqa: SLF001 -- as above


async def read_object(files: Any, path: str, etag: str, start: int, end: int) -> bytes:  # noqa: ANN401
    """Bytes of the version of an object that has an etag; none where it has another by now."""
    from s3fs.core import _error_wrapper  # type: ignore[import-untyped]  # it tells no types

    bucket, key, version = files.split_path(path)
    asked = {"Bucket": bucket, "Key": key, "Range": f"bytes={start}-{end - 1}"}
    asked |= {"VersionId": version} if version else {}

    async def read() -> bytes:
        answer = await files._call_s3("get_object", **asked, IfMatch=f'"{etag}"')  # noqa: SLF001 -- s3fs's own way
        async with answer["Body"] as body:
            data: bytes = await body.read()
            return data

    try:
        data: bytes = await _error_wrapper(read, retries=files.retries)
    except OSError as error:
        response = getattr(error.__cause__, "response", {})
        if response.get("Error", {}).get("Code") in {"PreconditionFailed", "412"}:
            return b""
        raise
    return data


def part_ranges(size: int) -> list[tuple[int, int]]:
    """Length and offset, in bytes, of each part of a file; the same for all of one size."""
    length = max(_PART, -(-size // _MOST_PARTS))
    length = -(-length // (1 << 20)) << 20
    return [(min(length, size - start), start) for start in range(0, size, length)]


def is_etag_of(etag: str, source: Path) -> bool:
    """Whether an object has the contents of a file, by its etag; False where that does not tell."""
    checksum, _, count = etag.partition("-")
    with source.open("rb") as file:
        if not count:
            return hashlib.file_digest(file, _md5).hexdigest() == checksum
        ranges = part_ranges(os.fstat(file.fileno()).st_size)
        if str(len(ranges)) != count:
            return False
        whole = _md5()
        for length, start in ranges:
            whole.update(_md5(os.pread(file.fileno(), length, start)).digest())
        return bool(checksum == whole.hexdigest())


def _md5(data: bytes = b"") -> Any:  # noqa: ANN401 -- the type of a hash has no public name
    return hashlib.md5(data, usedforsecurity=False)


async def _unfinished(
    files: Any,  # noqa: ANN401
    named: dict[str, str],
    file: int,
    ranges: list[tuple[int, int]],
) -> tuple[str, dict[int, str]]:
    """The id of an upload that was cut off, and the etags of its parts; nothing where there is none.

    One that has a part which is none of this file is of another version or program, and is left alone.
    """
    asked = {"Bucket": named["Bucket"], "Prefix": named["Key"]}
    try:
        told = await files._call_s3("list_multipart_uploads", **asked)  # noqa: SLF001 -- s3fs's own way
    except (PermissionError, NotImplementedError):
        return "", {}  # who may write need not be allowed to list
    uploads = [one for one in told.get("Uploads", []) if one["Key"] == named["Key"]]
    for upload in sorted(uploads, key=lambda one: one["Initiated"], reverse=True):
        parts = await _parts(files, named, upload["UploadId"])
        is_ours = bool(parts) and await asyncio.to_thread(_are_of, file, ranges, parts)
        if is_ours:
            return upload["UploadId"], {part["PartNumber"]: part["ETag"] for part in parts}
    return "", {}


async def _parts(files: Any, named: dict[str, str], upload: str) -> list[dict[str, Any]]:  # noqa: ANN401
    parts: list[dict[str, Any]] = []
    marker: dict[str, Any] = {}
    while True:
        try:
            told = await files._call_s3("list_parts", **named, UploadId=upload, **marker)  # noqa: SLF001 -- s3fs's own way
        except (FileNotFoundError, PermissionError):
            return []  # it was completed in this moment, or may not be looked at
        parts += told.get("Parts", [])
        if not told.get("IsTruncated"):
            return parts
        marker = {"PartNumberMarker": told["NextPartNumberMarker"]}


def _are_of(file: int, ranges: list[tuple[int, int]], parts: list[dict[str, Any]]) -> bool:
    """Whether each part is one of a file."""
    for part in parts:
        number, etag = part["PartNumber"], part["ETag"].strip('"')
        if number > len(ranges) or part["Size"] != ranges[number - 1][0]:
            return False
        if etag != _md5(os.pread(file, *ranges[number - 1])).hexdigest():
            return False
    return True
