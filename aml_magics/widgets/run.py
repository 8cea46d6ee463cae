"""The live panel of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import All, Unicode

from aml_magics.records.status import TERMINAL
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.display_functions import DisplayHandle

    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.static.output import Output
    from aml_magics.views.text.encoding import Event


class RunWidget(LiveWidget):
    """The live panel of a run.

    ``status`` follows the run from when the widget is shown or observed until the run ends::

        panel = RunWidget(run)
        panel.observe(lambda change: print(change.new), "status")
        panel

    Args:
        run: a handle, a name, an id, the start of one, or ``last``.
        workspace: where to look for it; by default this folder's.

    Raises:
        InvalidArgumentError: ``run`` is none of these.
        RunNotFoundError: no run is called so.
    """

    run_id = Unicode(read_only=True, help="The id of the run.")
    status = Unicode(read_only=True, help="Its status, as far as it is known.")

    _kind = "run"

    def __init__(self, run: Run | str, workspace: Workspace | None = None) -> None:
        self.run = run_of(run, workspace, "RunWidget")
        """The displayed run."""
        self._at_end: DisplayHandle | None = None
        self.set_trait("run_id", self.run.id)
        super().__init__(self.run._workspace)  # noqa: SLF001 -- it is there without a look-up

    def observe(
        self,
        handler: Callable[[Any], Any],
        names: Any = All,  # noqa: ANN401 -- as traitlets has it
        type: Any = "change",  # noqa: ANN401 -- as above
    ) -> None:
        """Call a function when a trait changes; observing ``status`` follows the run even if nothing is shown."""
        super().observe(handler, names, type)
        if names is All or names == "status" or "status" in names:
            self._watch()

    def __repr__(self) -> str:
        return f"RunWidget({self.run.name!r}, id={self.run_id!r}, status={self.status!r})"

    def _draw(self) -> Output:
        drawn = super()._draw()
        self.set_trait("status", drawn.snapshot["view"]["status"])
        return drawn

    def _subject(self) -> dict[str, Any]:
        return {"run": self.run_id}

    def _seen(self, event: Event) -> None:
        news = event.get("view") or event.get("update") or {}
        if "status" in news:
            self.set_trait("status", str(news["status"]))
        if event["type"] == "end":
            self._update_at_end()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401
        shown = super()._repr_mimebundle_(**kwargs)
        self._watch()
        return shown

    def update_at_end(self, handle: DisplayHandle) -> None:
        """Draw an output again when the run has ended, for notebooks that nobody looks at.

        What executes such a notebook takes updates from the running cell alone, so waiting for the run
        in a later cell draws it, too.
        """
        self._at_end = handle
        self.run._when_ended = (*self.run._when_ended, self._update_at_end)  # noqa: SLF001 -- the handle waits

    def _update_at_end(self) -> None:
        if self._at_end is not None:
            self._at_end.update(self)  # type: ignore[no-untyped-call]

    def _watch(self) -> None:
        """Follow the run even if the front end gets its data from a server and sends no message."""
        if self.comm is not None and self.status not in TERMINAL:
            self._thread.watch()
