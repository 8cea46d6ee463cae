"""The log of a run: its last lines, and single pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import IO, TYPE_CHECKING, Final

from aml_magics.services.run import log
from aml_magics.services.run.log import read_log_bytes
from aml_magics.views.text.expression import expression
from aml_magics.views.text.format import iso, short_id
from aml_magics.views.text.terminal import plain, screen_lines, shortened_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LINES: Final = 500
MOST_BYTES: Final = 1 << 20
_ERROR_LINE: Final = re.compile(
    r"^\s*(?:Traceback \(most recent call last\)|\w*(?:Error|Exception|Interrupt)\b(?::|$))"
    r"|\b(?:ERROR|CRITICAL|FATAL)\b"
)

PAGE: Final = 1 << 16
_LONGEST_LETTER: Final = 4


@dataclass(frozen=True, slots=True)
class LogView:
    """The end of a log; ``errors`` are indices of ``lines`` that look like errors.

    Lines are those of :func:`~aml_magics.views.text.terminal.screen_lines`: whole, and with their colours.
    ``hidden`` is the number of lines before these in the text that was read. ``times`` has the time of
    each line in milliseconds since the epoch, null where it is not known; it is empty unless asked for.
    """

    run_id: str
    short_id: str
    number: int
    name: str
    experiment: str
    status: str
    lines: tuple[str, ...]
    errors: tuple[int, ...]
    hidden: int
    times: tuple[int | None, ...] = ()


def log_view(
    store: Store, run: RunRecord, limit: int = LINES, *, has_times: bool = False
) -> LogView:
    """The last ``limit`` lines of a run's log."""
    data, size = read_log_bytes(store, run, MOST_BYTES)
    view = log_view_of(run, data.decode("utf-8", "replace"), limit)
    if not has_times:
        return view
    times = line_times(store, run, data, size - len(data))
    return replace(view, times=tuple(times[view.hidden : view.hidden + len(view.lines)]))


def log_view_of(run: RunRecord, text: str, limit: int = LINES) -> LogView:
    """The view from the text of the log."""
    lines = log_lines(text)
    shown = lines[-limit:]
    return LogView(
        run_id=run.id,
        short_id=short_id(run.id),
        number=run.number,
        name=run.name,
        experiment=run.experiment,
        status=str(run.status),
        lines=tuple(shown),
        errors=error_positions(shown),
        hidden=len(lines) - len(shown),
    )


def log_lines(text: str) -> list[str]:
    """The lines of a log as a terminal would leave them, without empty ones at the end."""
    lines = screen_lines(text)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def line_times(
    store: Store, run: RunRecord, data: bytes, start: int, file: str = log.LOG_NAME
) -> list[int | None]:
    """When each line of a stretch of a log was whole, in milliseconds since the epoch; None if not known.

    Args:
        start: the byte at which the stretch begins.
    """
    times = log.log_times(store, run, start, start + len(data), file)
    lines = data.split(b"\n")
    ends = list(accumulate((len(line) + 1 for line in lines), initial=start - 1))[1:]
    if not lines[-1]:
        ends.pop()
    last = start + len(data) - 1
    return [times.at(min(end, last)) for end in ends]


def stamped_log(store: Store, run: RunRecord) -> str:
    """A run's output with the time before each line, in UTC; the last 16 MB of a longer one."""
    data, size = read_log_bytes(store, run, SEARCHED)
    times = line_times(store, run, data, size - len(data))
    lines = data.decode("utf-8", "replace").split("\n")
    end = "\n" if len(times) < len(lines) else ""
    return "\n".join(map(stamped, lines, times)) + end


def stamped(line: str, time: int | None) -> str:
    """A line behind its time; behind blanks where that is not known, so that lines stand below each other."""
    return f"{(time and iso(time / 1_000)) or '':24} {line}"


def last_lines(lines: Sequence[str], room: int) -> tuple[str, ...]:
    """The last whole lines that fit ``room`` characters; a longer last line is cut."""
    kept: list[str] = []
    for line in reversed(lines):
        if kept and len(line) > room:
            break
        kept.append(shortened_line(line, room))
        room -= len(line)
    return tuple(reversed(kept))


def error_positions(lines: Iterable[str]) -> tuple[int, ...]:
    """Indices of lines that look like errors."""
    return tuple(index for index, line in enumerate(lines) if _ERROR_LINE.search(plain(line)))


@dataclass(frozen=True, slots=True)
class LogPageView:
    """Bytes ``start`` to ``end`` of ``size``; ``errors`` are indices of ``lines``.

    An unfinished last line of a growing log is omitted and not counted. ``times`` are those of the lines,
    as in :class:`LogView`.
    """

    file: str
    files: tuple[str, ...]
    start: int
    end: int
    size: int
    lines: tuple[str, ...]
    errors: tuple[int, ...]
    times: tuple[int | None, ...] = ()


def log_page_view(
    store: Store,
    record: RunRecord,
    file: str | None = None,
    *,
    start: int | None = None,
    end: int | None = None,
    has_times: bool = False,
) -> LogPageView:
    """Up to 64 kB of a log: forward from ``start``, else back from ``end``, else its end.

    Args:
        file: the name of the log; the run's own output by default.
        start: in bytes.
        end: in bytes.
        has_times: whether to read the times of the lines.
    """
    names, file = _named(store, record, file)
    if not names and file == log.LOG_NAME:
        return LogPageView(file, (), 0, 0, 0, (), ())
    with log.open_log(store, record, file) as stream:
        grows = _grows(store, record, file)
        view, data = page_of(stream, file, names, grows=grows, start=start, end=end)
    if not has_times or not data:
        return view
    return replace(view, times=tuple(line_times(store, record, data, view.start, file)))


def page_of(
    stream: IO[bytes],
    file: str,
    files: Sequence[str],
    *,
    grows: bool,
    start: int | None = None,
    end: int | None = None,
) -> tuple[LogPageView, bytes]:
    """A page of any log as :func:`log_page_view` has it, without times, and its bytes.

    Args:
        grows: whether the last line may be unfinished.
    """
    size = log_end(stream, grows=grows)
    begin, data = (
        _forward(stream, size, start, end)
        if start is not None
        else (_backward(stream, size if end is None else min(end, size)))
    )
    lines = screen_lines(data.decode("utf-8", "replace")) if data else []
    end = begin + len(data)
    view = LogPageView(file, tuple(files), begin, end, size, tuple(lines), error_positions(lines))
    return view, data


def _named(store: Store, record: RunRecord, file: str | None) -> tuple[list[str], str]:
    """The names of all logs, and that of the one to read."""
    names = log.log_names(store, record)
    return names, file or (names[0] if names else log.LOG_NAME)


def _grows(store: Store, record: RunRecord, file: str) -> bool:
    return not record.status.is_terminal and log.live_log_path(store, record, file) is not None


def log_end(stream: IO[bytes], *, grows: bool) -> int:
    """The bytes of a log, without the unfinished last line of a growing one."""
    size = stream.seek(0, 2)
    return _whole_lines(stream, size) if grows else size


def _whole_lines(stream: IO[bytes], size: int) -> int:
    """The bytes of finished lines; a line longer than a page counts as finished."""
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
        # within one long line: start at a whole character
        cut = found + 1 if found >= 0 else _first_letter(data)
        start, data = start + cut, data[cut:]
    return start, data


def _to_letter(data: bytes) -> bytes:
    """The bytes without a character cut at their end."""
    for back in range(1, min(_LONGEST_LETTER, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if needed > back else data
    return data


def _first_letter(data: bytes) -> int:
    """The offset of the first whole character."""
    for index in range(min(_LONGEST_LETTER, len(data))):
        if data[index] & 0xC0 != 0x80:
            return index
    return 0


@dataclass(frozen=True, slots=True)
class LogHitView:
    """A line that was searched for: the byte at which it begins, its number from 1, and when it was printed.

    ``time`` is in milliseconds since the epoch; null where it is not known or was not asked for.
    """

    offset: int
    line: int
    time: int | None = None


@dataclass(frozen=True, slots=True)
class LogSearchView:
    """Lines found before byte ``end`` of ``size``; up to there the log has ``line`` lines."""

    hits: tuple[LogHitView, ...]
    end: int
    line: int
    size: int


SEARCHED: Final = 1 << 24
"""Bytes that one answer searches at most, so that a reader sees how far it is and can stop it."""

MOST_HITS: Final = 1_000
LONGEST_SEARCHED: Final = 2_000
"""Characters of a line that an expression is held against."""

_CHUNK: Final = 1 << 20


def log_search_view(
    store: Store,
    record: RunRecord,
    text: str,
    file: str | None = None,
    *,
    is_regex: bool = False,
    start: int = 0,
    line: int = 0,
    has_times: bool = False,
) -> LogSearchView:
    """Search a stretch of a log for lines, as they are seen: without colours, in their last state.

    Args:
        text: in upper or lower case.
        file: the name of the log; the run's own output by default.
        is_regex: whether ``text`` is a regular expression.
        start: the byte at which a line begins.
        line: the number of lines before it.
        has_times: whether to read the times of the lines.

    Raises:
        UsageError: an expression that cannot be read, or could take forever.
    """
    wanted = wanted_lines(text, is_regex=is_regex)
    names, file = _named(store, record, file)
    if not names and file == log.LOG_NAME:
        return LogSearchView((), 0, 0, 0)
    with log.open_log(store, record, file) as stream:
        size = log_end(stream, grows=_grows(store, record, file))
        found, ends = search_of(stream, size, wanted, is_regex=is_regex, start=start, line=line)
    if not has_times or not found.hits:
        return found
    times = log.log_times(store, record, ends[0], ends[-1] + 1, file)
    hits = (replace(hit, time=times.at(end)) for hit, end in zip(found.hits, ends, strict=True))
    return replace(found, hits=tuple(hits))


def wanted_lines(text: str, *, is_regex: bool) -> re.Pattern[str]:
    """What a search looks for; UsageError for an expression that cannot be read, or could take forever."""
    return expression(text) if is_regex else re.compile(re.escape(text), re.IGNORECASE)


def search_of(
    stream: IO[bytes],
    size: int,
    wanted: re.Pattern[str],
    *,
    is_regex: bool = False,
    start: int = 0,
    line: int = 0,
) -> tuple[LogSearchView, list[int]]:
    """Search a stretch of any log as :func:`log_search_view` does; also the last byte of each line found."""
    hits: list[LogHitView] = []
    ends: list[int] = []
    at = stream.seek(min(start, size))
    stop = min(size, at + SEARCHED)
    while at < stop and len(hits) < MOST_HITS:
        data = _chunk_of_lines(stream, at, size)
        # Bytes that are no text come back as they were, so that offsets are right.
        lines = data.decode("utf-8", "surrogateescape").split("\n")
        if not lines[-1]:
            lines.pop()
        is_plain = not _SHOWN_OTHERWISE.search(data)
        if not is_regex and is_plain and not wanted.search("\n".join(lines)):
            at, line = at + len(data), line + len(lines)
            continue
        for each in lines:
            seen = each if is_plain else "".join(plain(one) for one in screen_lines(each))
            if wanted.search(seen, 0, LONGEST_SEARCHED if is_regex else len(seen)):
                hits.append(LogHitView(at, line + 1))
            at += len(each.encode("utf-8", "surrogateescape")) + 1
            line += 1
            if len(ends) < len(hits):
                ends.append(min(at, size) - 1)
            if len(hits) == MOST_HITS:
                break
    return LogSearchView(tuple(hits), min(at, size), line, size), ends


_SHOWN_OTHERWISE: Final = re.compile(rb"[\x1b\r\x08]")


def _chunk_of_lines(stream: IO[bytes], start: int, size: int) -> bytes:
    """Whole lines from ``start``, about a megabyte of them; a longer line is whole, too."""
    stream.seek(start)
    data = stream.read(min(_CHUNK, size - start))
    rest = size - start - len(data)
    return data if data.endswith(b"\n") or not rest else data + stream.readline(rest)
