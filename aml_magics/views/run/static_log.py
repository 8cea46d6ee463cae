"""The page of a run's log, and its text with times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.services.run.log import LOG_NAME, read_log_bytes
from aml_magics.views.run.log import SEARCHED, line_times
from aml_magics.views.static.element import Attributes, Markup, element, joined
from aml_magics.views.static.page import Drawing, Page
from aml_magics.views.static.status import status_html, status_text
from aml_magics.views.text.format import count_text, iso
from aml_magics.views.text.terminal import pieces, plain
from aml_magics.views.text.typeset import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.run.log import LogView

BOX: Final[Attributes] = {"class": "aml-pre aml-wrap", "tabindex": 0, "aria-label": "Log"}


def log_page(view: LogView) -> Page:
    """The last lines of a log; HTML marks lines that look like errors, text keeps lines as printed."""
    hidden = f"… {count_text(view.hidden, 'line')} before these" if view.hidden else None
    is_timed = any(view.times)
    untimed = "When these lines were printed is not known." if view.times and not is_timed else None
    notes = [note for note in (hidden, untimed) if note]
    nothing = None if view.lines else "The run has printed nothing."
    lines = [printable(plain(line)) for line in view.lines]
    times = view.times if is_timed else ()
    title = f"{status_text(view.status)}  {one_line(view.name)}  log"
    return Page(
        "log",
        f"Log of run {view.number} of {view.experiment}",
        [
            Drawing(
                lambda: [
                    _title(view),
                    *(element("small", None, note) for note in notes),
                    element("p", {"class": "aml-muted"}, nothing)
                    if nothing
                    else element(
                        "pre", {**BOX, "role": "log"}, lines_html(view.lines, view.errors, times)
                    ),
                ],
                lambda: [
                    title,
                    *notes,
                    *filter(None, [nothing]),
                    *(map(stamped, lines, times) if is_timed else lines),
                ],
            )
        ],
    )


def _title(view: LogView) -> Markup:
    source = f"run {view.number} of {one_line(view.experiment)}"
    return element(
        "p",
        None,
        status_html(view.status),
        " ",
        element("strong", None, one_line(view.name)),
        " ",
        element("span", {"class": "aml-muted"}, source),
    )


def lines_html(
    lines: Sequence[str], errors: Sequence[int] = (), times: Sequence[int | None] = ()
) -> list[Markup]:
    """Lines with their colours, behind their times if there are any; those in ``errors`` are marked."""
    marked = set(errors)
    stamps = [element("span", {"class": "aml-90"}, stamped("", time)) for time in times]
    return [
        _line_html(line, stamps[index : index + 1], is_error=index in marked)
        for index, line in enumerate(lines)
    ]


def _line_html(line: str, stamp: Sequence[Markup], *, is_error: bool) -> Markup:
    parts = [
        element("span", {"class": _classes(codes)}, printable(text)) if codes else printable(text)
        for text, codes in pieces(line)
    ]
    if is_error:
        return joined(stamp, element("strong", {"class": "aml-removed"}, parts, "\n"))
    return joined(stamp, parts, "\n")


def _classes(codes: str) -> str:
    return " ".join(f"aml-{code}" for code in codes.split(";"))


def stamped_log(store: Store, run: RunRecord, *, name: str = LOG_NAME) -> str:
    """A log of a run with the time before each line, in UTC; the last 16 MB of a longer one."""
    data, size = read_log_bytes(store, run, SEARCHED, name=name)
    times = line_times(store, run, data, size - len(data), name)
    lines = data.decode("utf-8", "replace").split("\n")
    end = "\n" if len(times) < len(lines) else ""
    return "\n".join(map(stamped, lines, times)) + end


def stamped(line: str, time: int | None) -> str:
    """A line behind its time; behind blanks where that is not known, so that lines stand below each other."""
    return f"{(time and iso(time / 1_000)) or '':24} {line}"
