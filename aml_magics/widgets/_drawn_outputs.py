"""The outputs of a widget in a notebook, which are drawn again when its run has ended.

A live front end draws an output by itself. A notebook that nobody looks at (nbconvert, papermill), or that is
saved, keeps what was last published; so the end is published once more.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from aml_magics.widgets._base import LiveWidget

_VIEW: Final = "application/vnd.jupyter.widget-view+json"


class DrawnOutputs:
    """Remembers the outputs that show a widget."""

    def __init__(self, widget: LiveWidget) -> None:
        self._widget = widget
        self._ids: list[str] = []

    def is_result(self) -> bool:
        """Whether a kernel is about to show the result of a cell."""
        return getattr(getattr(_shell(), "displayhook", None), "msg", None) is not None

    def show(self) -> None:
        """Show the widget as an output of its own."""
        from IPython.core.display_functions import display

        shown = self._widget._repr_mimebundle_()
        if shown is not None:
            data, metadata = shown
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]

    def await_next(self) -> None:
        """Remember the output that this thread is about to publish; it gets an id if it has none."""
        publisher: Any = getattr(_shell(), "display_pub", None)
        if not hasattr(publisher, "register_hook"):
            return  # a terminal, or a cell whose outputs are captured

        def remember(message: dict[str, Any]) -> dict[str, Any]:
            content = message["content"]
            view = content.get("data", {}).get(_VIEW, {})
            if view.get("model_id") == self._widget.model_id:
                publisher.unregister_hook(remember)
                if message["header"]["msg_type"] == "display_data":
                    self._ids.append(content["transient"].setdefault("display_id", uuid4().hex))
            return message

        publisher.register_hook(remember)

    def update(self) -> None:
        """Draw all of them again."""
        from IPython.core.display_functions import update_display

        for display_id in self._ids:
            update_display(self._widget, display_id=display_id)  # type: ignore[no-untyped-call]


def _shell() -> Any:  # noqa: ANN401 -- any kind of shell, or None
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()
