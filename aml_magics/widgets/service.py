"""The live panel of a web service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import Unicode

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.widgets._base import LiveWidget

if TYPE_CHECKING:
    from aml_magics.views.static.output import Output
    from aml_magics.views.text.encoding import Event


class ServiceWidget(LiveWidget):
    """The panel of a web service: state, load, log, a box to try it, revisions.

    Args:
        service: a handle (``Webservice``), or a name.
        workspace: where to look for it; by default the handle's, else this folder's.

    Raises:
        InvalidArgumentError: ``service`` is neither.
        ServiceNotFoundError: no service is called so.
    """

    name = Unicode(read_only=True, help="The name of the service.")
    state = Unicode(read_only=True, help="Its state, as far as it is known.")

    _kind = "service"

    def __init__(self, service: object, workspace: Workspace | None = None) -> None:
        name = service if isinstance(service, str) else getattr(service, "name", None)
        if not isinstance(name, str):
            raise InvalidArgumentError(
                f"ServiceWidget takes a web service or its name, not {type(service).__name__} ({service!r:.60})."
            )
        self.set_trait("name", name)
        own = getattr(service, "workspace", None)
        found = workspace or (own if isinstance(own, Workspace) else None)
        super().__init__(found or Workspace.from_config())

    def __repr__(self) -> str:
        return f"ServiceWidget({self.name!r}, state={self.state!r})"

    def _draw(self) -> Output:
        drawn = super()._draw()
        self.set_trait("state", drawn.snapshot["view"]["state"])
        return drawn

    def _subject(self) -> dict[str, Any]:
        return {"service": self.name}

    def _seen(self, event: Event) -> None:
        news = event.get("view") or event.get("update") or {}
        if "state" in news:
            self.set_trait("state", str(news["state"]))
