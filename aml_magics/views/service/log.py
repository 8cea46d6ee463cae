"""The log of a service: what its replicas and its supervisor print. It grows as long as the service is there."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from aml_magics.services.service.folder import service_folder
from aml_magics.views.run.log import (
    LogPageView,
    LogSearchView,
    log_end,
    page_of,
    search_of,
    wanted_lines,
)
from aml_magics.views.service.source import LOG

if TYPE_CHECKING:
    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

OLDER: Final = "log.1.txt"
"""Where the supervisor puts a log that became too long."""


def service_log_page(
    store: Store,
    record: ServiceRecord,
    file: str = "",
    *,
    start: int | None = None,
    end: int | None = None,
) -> LogPageView:
    """Up to 64 kB of a log: forward from ``start``, else back from ``end``, else its end."""
    name = _named(file)
    files = [one for one in (LOG, OLDER) if (service_folder(store, record) / one).exists()]
    try:
        with _opened(store, record, name) as stream:
            grows = name == LOG
            return page_of(stream, name, files, grows=grows, start=start, end=end)[0]
    except FileNotFoundError:  # it has printed nothing yet
        return LogPageView(name, tuple(files), 0, 0, 0, (), ())


def search_log(
    store: Store,
    record: ServiceRecord,
    text: str,
    file: str = "",
    *,
    is_regex: bool = False,
    start: int = 0,
    line: int = 0,
) -> LogSearchView:
    """Search a stretch of a log for lines; UsageError for an expression that cannot be read."""
    wanted = wanted_lines(text, is_regex=is_regex)
    name = _named(file)
    try:
        with _opened(store, record, name) as stream:
            size = log_end(stream, grows=name == LOG)
            return search_of(stream, size, wanted, is_regex=is_regex, start=start, line=line)[0]
    except FileNotFoundError:
        return LogSearchView((), 0, 0, 0)


def _named(file: str) -> str:
    # A name comes with a question: it opens one of the two logs and nothing else.
    return OLDER if file == OLDER else LOG


def _opened(store: Store, record: ServiceRecord, name: str) -> IO[bytes]:
    return (service_folder(store, record) / name).open("rb")
