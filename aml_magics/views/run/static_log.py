"""The log of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import Attributes, Markup, element, joined
from aml_magics.views.static.page import frame
from aml_magics.views.static.status import status_html, status_text
from aml_magics.views.text.format import count_text
from aml_magics.views.text.terminal import pieces, plain
from aml_magics.views.text.typeset import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.run.log import LogView

BOX: Final[Attributes] = {"class": "aml-pre aml-wrap", "tabindex": 0, "aria-label": "Log"}
_NOTHING: Final = "The run has printed nothing."


def log_html(view: LogView) -> str:
    """The last lines of a log; those that look like an error are marked."""
    title = element(
        "p",
        None,
        status_html(view.status),
        " ",
        element("strong", None, one_line(view.name)),
        " ",
        element(
            "span", {"class": "aml-muted"}, f"run {view.number} of {one_line(view.experiment)}"
        ),
    )
    attributes: Attributes = {**BOX, "role": "log"}
    body = (
        element("pre", attributes, lines_html(view.lines, view.errors))
        if view.lines
        else element("p", {"class": "aml-muted"}, _NOTHING)
    )
    hidden = element("small", None, _hidden(view)) if view.hidden else None
    return frame("log", f"Log of run {view.number} of {view.experiment}", title, hidden, body)


def log_text(view: LogView) -> str:
    """The same as text. Lines are as long as they were printed."""
    title = f"{status_text(view.status)}  {one_line(view.name)}  log"
    hidden = [_hidden(view)] if view.hidden else []
    lines = [printable(plain(line)) for line in view.lines] or [_NOTHING]
    return "\n".join([title, *hidden, *lines])


def _hidden(view: LogView) -> str:
    return f"… {count_text(view.hidden, 'line')} before these"


def lines_html(lines: Sequence[str], errors: Sequence[int] = ()) -> list[Markup]:
    """Lines with their colours; those at the places of ``errors`` are marked."""
    marked = set(errors)
    return [_line_html(line, is_error=place in marked) for place, line in enumerate(lines)]


def _line_html(line: str, *, is_error: bool) -> Markup:
    parts = [
        element("span", {"class": _classes(codes)}, printable(text)) if codes else printable(text)
        for text, codes in pieces(line)
    ]
    if is_error:
        return element("strong", {"class": "aml-removed"}, parts, "\n")
    return joined(parts, "\n")


def _classes(codes: str) -> str:
    return " ".join(f"aml-{code}" for code in codes.split(";"))
