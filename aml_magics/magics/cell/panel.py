"""The panel below a cell: one output, drawn at the start of the run and at its end, and now and then between."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any

from aml_magics.magics.failure import complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.views.static.output import Bundle

FIRST_PAUSE = 2.0
"""Seconds before the first update: a host with our front end follows the run by itself, and drops what the kernel draws."""

LONGEST_PAUSE = 30.0
GROWTH = 1.5
DRAWING_SHARE = 20
"""Drawing takes at most one part in this many of the time, so that it slows no training."""


class Panel:
    """Shows a run in place while its cell runs.

    A kernel can replace an output, so a front end without ours sees the run go on, at a growing
    distance. A terminal cannot, so there the run is shown once, at its end.

    Args:
        draw: makes the MIME bundle of the run as it is now.
        state: a cheap value that changes when there is something new to draw.
        display_id: names the output.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        draw: Callable[[], Bundle],
        state: Callable[[], Hashable],
        display_id: str,
    ) -> None:
        self.display_id = display_id
        self._draw = draw
        self._state = state
        # Kept here, since `%%capture` further down in the cell replaces the shell's.
        self._publisher: Any = shell.display_pub
        self._is_live = hasattr(shell, "kernel")
        self._shown: tuple[Hashable, Bundle] | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, first: Bundle) -> None:
        """Show the new run, and follow it."""
        if not self._is_live:
            return
        self._publish(first, self._state())
        # The context tells the kernel to which cell an output belongs.
        follow = contextvars.copy_context().run
        self._thread = threading.Thread(
            target=follow, args=(self._follow,), name="aml_magics-panel", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop following the run."""
        self._stopped.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def finish(self) -> None:
        """Show the ended run."""
        self.stop()
        self._publish(self._draw(), None, is_news=True)

    def _follow(self) -> None:
        pause = FIRST_PAUSE
        with complaining("the panel stands still until the cell ends"):
            while not self._stopped.wait(pause):
                began = time.perf_counter()
                state = self._state()
                if self._shown is None or state != self._shown[0]:
                    self._publish(self._draw(), state)
                cost = time.perf_counter() - began
                pause = max(min(LONGEST_PAUSE, GROWTH * pause), DRAWING_SHARE * cost)

    def _publish(self, bundle: Bundle, state: Hashable, *, is_news: bool = False) -> None:
        is_update = self._shown is not None
        is_news = is_news or self._shown is None or bundle != self._shown[1]
        self._shown = state, bundle
        if not is_news:
            return
        if self._is_live:
            self._publisher.publish(
                bundle, {}, transient={"display_id": self.display_id}, update=is_update
            )
        else:
            self._publisher.publish({"text/plain": bundle["text/plain"]}, {})
