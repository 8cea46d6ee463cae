"""Displayed objects: their text goes into the log, figures become images of the run."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.cell.capture import Log

Message = dict[str, Any]
MOST_FIGURES = 100
FIGURE_TEXT = "<Figure size"


class RichOutput:
    """Watches the messages by which a kernel displays objects while a cell runs.

    A terminal has no such messages: there, displayed objects are printed, and so captured.

    Args:
        log: gets the ``text/plain`` of each display but figures, which are images of the run.
        keep_figure: called with the PNG bytes of a figure.
        ours: the display id of the run's own panel, which is skipped.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        log: Log,
        keep_figure: Callable[[bytes], None],
        ours: str,
    ) -> None:
        self._log = log
        self._keep_figure = keep_figure
        self._ours = ours
        # By display id: a figure that is drawn again and again in place is kept once, as it was at last.
        self._updated: dict[str, bytes] = {}
        self._figures = 0
        # Only ipykernel's publishers have hooks. Those are kept for each thread, so that what another
        # thread shows while the cell runs, such as a panel of another run, is not taken for the cell's.
        self._publishers: list[Any] = [
            publisher
            for publisher in (shell.display_pub, shell.displayhook)
            if hasattr(publisher, "register_hook")
        ]

    def start(self) -> None:
        """Watch the displays of this thread."""
        for publisher in self._publishers:
            publisher.register_hook(self._see)

    def stop(self) -> None:
        """Stop watching, and keep the last state of figures that were updated in place."""
        for publisher in self._publishers:
            publisher.unregister_hook(self._see)
        for png in self._updated.values():
            self._keep(png)
        self._updated = {}

    def _see(self, message: Message) -> Message:
        content = message.get("content", {})
        display_id = content.get("transient", {}).get("display_id")
        if display_id is None or display_id != self._ours:
            self._take(content.get("data", {}), display_id)
        return message

    def _take(self, data: dict[str, Any], display_id: str | None) -> None:
        png = _figure(data)
        if png is None:
            text = data.get("text/plain")
            if isinstance(text, str) and text:
                self._log.write_block(text)
            return
        if display_id is not None:
            self._updated[display_id] = png
        else:
            self._keep(png)

    def _keep(self, png: bytes) -> None:
        self._figures += 1
        if self._figures <= MOST_FIGURES:
            self._keep_figure(png)
        elif self._figures == MOST_FIGURES + 1:
            self._log.write_block(f"[aml_magics] the first {MOST_FIGURES} figures are kept")


def _figure(data: dict[str, Any]) -> bytes | None:
    """The PNG in a message, if it is of a matplotlib figure."""
    picture, text = data.get("image/png"), data.get("text/plain")
    if not isinstance(picture, str | bytes) or FIGURE_TEXT not in str(text):
        return None
    if isinstance(picture, bytes):
        return picture
    try:
        return base64.b64decode(picture, validate=False)
    except binascii.Error:
        return None
