"""The live panel of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import All, Unicode

from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is not None and self._is_under_way():
            self.run._tell_at_end(self._outputs.update)  # noqa: SLF001 -- the handle waits
        return shown
