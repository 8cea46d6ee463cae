"""The live panel of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import All, Unicode

from aml_magics.errors import InvalidArgumentError
from aml_magics.records.status import TERMINAL
from aml_magics.sdk.run.run import Run
from aml_magics.views.run.output import run_output
from aml_magics.views.run.run import run_view
from aml_magics.widgets._base import LiveWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.views.static.output import Output
    from aml_magics.views.text.encoding import Event


class RunWidget(LiveWidget):
    """The live panel of a run.

    ``status`` follows the run from when the widget is shown or observed until the run ends::

        panel = RunWidget(run)
        panel.observe(lambda change: print(change.new), "status")
        panel

    Raises:
        InvalidArgumentError: ``run`` is not a run.
    """

    run_id = Unicode(read_only=True, help="The id of the run.")
    status = Unicode(read_only=True, help="Its status, as far as it is known.")

    _kind = "run"

    def __init__(self, run: Run) -> None:
        if not isinstance(run, Run):
            raise InvalidArgumentError(
                f"RunWidget takes a Run, not {type(run).__name__} ({run!r:.60}); "
                "Run.get(workspace, run_id) gives one."
            )
        self.run = run
        """The displayed run."""
        self.set_trait("run_id", run.id)
        super().__init__(run._workspace)  # noqa: SLF001 -- it is there without a look-up

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
        view = run_view(self._store, self.run.record)
        self.set_trait("status", view.status)
        return run_output(self._store.record.name, view)

    def _subject(self) -> dict[str, Any]:
        return {"run": self.run_id}

    def _seen(self, event: Event) -> None:
        news = event.get("view") or event.get("update") or {}
        if "status" in news:
            self.set_trait("status", str(news["status"]))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401
        shown = super()._repr_mimebundle_(**kwargs)
        self._watch()
        return shown

    def _watch(self) -> None:
        """Follow the run even if the front end gets its data from a server and sends no message."""
        if self.comm is not None and self.status not in TERMINAL:
            self._thread.watch()
