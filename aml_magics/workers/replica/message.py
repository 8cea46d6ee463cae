"""A request and its answer, as the parts of the replica hand them on."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Final

JSON: Final = b"Content-Type: application/json\r\n"
TEXT: Final = b"Content-Type: text/html; charset=utf-8\r\n"
SUCCEEDED: Final = b"x-ms-run-function-failed: False\r\n"
FAILED: Final = b"x-ms-run-function-failed: True\r\n"


class RefusedError(Exception):
    """A request that is answered without the script."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True, eq=False)
class Request:
    """What a client sent. Names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    keep_alive: bool
    begun: float  # perf_counter
    body: bytes | bytearray = b""
    ids: bytes = b""  # the headers of the answer that name it
    request_id: str = ""

    def header(self, name: bytes) -> bytes | None:
        """The value of a header; None if there is none."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def unpacked(self, limit: int) -> bytes | bytearray:
        """The body without its content encoding, never more than ``limit`` bytes of it.

        Raises:
            RefusedError: It would be larger, is damaged, or is packed in a way that we do not know.
        """
        encoding = (self.header(b"content-encoding") or b"").strip().lower()
        if encoding in (b"", b"identity"):
            return self.body
        if encoding not in (b"gzip", b"x-gzip", b"deflate"):
            raise RefusedError(
                415,
                f"Content-Encoding {encoding.decode('latin-1')!r} is not supported; send gzip, deflate or none.",
            )
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            content = unpacker.decompress(self.body, limit + 1)
        except zlib.error as error:
            raise RefusedError(400, f"The body could not be unpacked: {error}") from None
        if len(content) > limit:
            raise RefusedError(413, too_large(limit))
        if not unpacker.eof:
            raise RefusedError(400, "The body could not be unpacked: it ends too early.")
        if unpacker.unused_data:
            raise RefusedError(400, "The body could not be unpacked: bytes follow its end.")
        return content


def too_large(limit: int) -> str:
    """The sentence for a body above the limit."""
    return f"The body is larger than the {limit:,} bytes that this service takes."


@dataclass(slots=True)
class Answer:
    """A status, header lines and a body. ``milliseconds`` is the time in ``run``, None if it was not called."""

    status: int
    headers: bytes
    body: bytes
    milliseconds: float | None = None
    is_last: bool = False


def error(status: int, message: str, *, failed: bool = False, headers: bytes = b"") -> Answer:
    """An answer that says what is wrong, as Azure's server words it."""
    body = json.dumps({"message": message}).encode()
    return Answer(status, JSON + (FAILED if failed else SUCCEEDED) + headers, body)
