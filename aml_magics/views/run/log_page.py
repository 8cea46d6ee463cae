"""A page of a log: a stretch of its bytes, cut where lines end, read where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from aml_magics.views.run.log import error_places
from aml_magics.views.text.terminal import screen_lines

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

PAGE: Final = 1 << 16
_LONGEST_LETTER: Final = 4


@dataclass(frozen=True, slots=True)
class LogPageView:
    """Bytes ``start`` to ``end`` of ``size``; ``errors`` are positions in ``lines``.

    Of a log that still grows, a last line that is not finished is left out and not counted.
    """

    file: str
    files: tuple[str, ...]
    start: int
    end: int
    size: int
    lines: tuple[str, ...]
    errors: tuple[int, ...]


def log_page(
    store: Store,
    record: RunRecord,
    file: str | None = None,
    *,
    start: int | None = None,
    end: int | None = None,
) -> LogPageView:
    """At most 64 kB of a log: forward from ``start``, else back from ``end``, else its end.

    Args:
        store: where the run is kept.
        record: the run.
        file: the name of the log; the run's own output by default.
        start: in bytes.
        end: in bytes.

    Raises:
        ArtifactNotFoundError: the run has no log of that name.
    """
    from aml_magics.services.run import log

    names = log.log_names(store, record)
    if file is None:
        file = names[0] if names else log.LOG_NAME
    if not names and file == log.LOG_NAME:
        return LogPageView(file, (), 0, 0, 0, (), ())
    grows = file == log.LOG_NAME and not record.status.is_terminal
    with log.open_log(store, record, file) as stream:
        size = stream.seek(0, 2)
        if grows:
            size = _whole_lines(stream, size)
        begin, data = (
            _forward(stream, size, start, end)
            if start is not None
            else (_backward(stream, size if end is None else min(end, size)))
        )
    lines = screen_lines(data.decode("utf-8", "replace")) if data else []
    return LogPageView(
        file, tuple(names), begin, begin + len(data), size, tuple(lines), error_places(lines)
    )


def _whole_lines(stream: IO[bytes], size: int) -> int:
    """How much of a log is finished lines; a line that goes on for a page counts as it is."""
    stream.seek(max(0, size - PAGE))
    data = stream.read(min(size, PAGE))
    found = data.rfind(b"\n")
    if found < 0:
        return size if size > PAGE else 0
    return size - len(data) + found + 1


def _forward(stream: IO[bytes], size: int, start: int, end: int | None) -> tuple[int, bytes]:
    start = min(start, size)
    stop = min(start + PAGE, size, size if end is None else max(start, end))
    stream.seek(start)
    data = stream.read(stop - start)
    if stop < size and stop != end:
        found = data.rfind(b"\n")
        data = data[: found + 1] if found >= 0 else _to_letter(data)
    return start, data


def _backward(stream: IO[bytes], end: int) -> tuple[int, bytes]:
    start = max(0, end - PAGE)
    stream.seek(start)
    data = stream.read(end - start)
    if start > 0:
        found = data.find(b"\n", 0, -1)
        # inside of one long line: the first whole letter
        cut = found + 1 if found >= 0 else _first_letter(data)
        start, data = start + cut, data[cut:]
    return start, data


def _to_letter(data: bytes) -> bytes:
    """Bytes without a letter that is cut at their end."""
    for back in range(1, min(_LONGEST_LETTER, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if needed > back else data
    return data


def _first_letter(data: bytes) -> int:
    """Where the first letter begins that is whole."""
    for place in range(min(_LONGEST_LETTER, len(data))):
        if data[place] & 0xC0 != 0x80:
            return place
    return 0
