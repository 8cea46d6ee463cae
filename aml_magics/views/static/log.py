"""The log of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.number import count_text
from aml_magics.views.static.element import Attributes, Markup, element
from aml_magics.views.static.status import status_html, status_text
from aml_magics.views.static.style import frame
from aml_magics.views.static.typeset import one_line, printable

if TYPE_CHECKING:
    from aml_magics.views.log import LogView

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
    attributes: Attributes = {"class": "aml-pre", "tabindex": 0, "role": "log", "aria-label": "Log"}
    body = (
        element("pre", attributes, [_line_html(line) for line in _marked(view)])
        if view.lines
        else element("p", {"class": "aml-muted"}, _NOTHING)
    )
    hidden = element("small", None, _hidden(view)) if view.hidden else None
    return frame("log", f"Log of run {view.number} of {view.experiment}", title, hidden, body)


def log_text(view: LogView) -> str:
    """The same as text. Lines are as long as they were printed."""
    title = f"{status_text(view.status)}  {one_line(view.name)}  log"
    hidden = [_hidden(view)] if view.hidden else []
    lines = [printable(line) for line in view.lines] or [_NOTHING]
    return "\n".join([title, *hidden, *lines])


def _hidden(view: LogView) -> str:
    return f"… {count_text(view.hidden, 'line')} before these"


def _marked(view: LogView) -> list[tuple[str, bool]]:
    errors = set(view.errors)
    return [(line, place in errors) for place, line in enumerate(view.lines)]


def _line_html(line: tuple[str, bool]) -> Markup | str:
    text, is_error = line
    if not is_error:
        return text + "\n"
    return element("strong", {"class": "aml-removed"}, text + "\n")
