"""The base of all live panels: an anywidget whose views are the front end's screens.

A view is drawn from ``_snapshot`` and then talks to the kernel by custom messages, the same that it
would have from a server (questions, answers and events of ``labextension/src/contract.gen.ts``)::

    {"hello": {"token": T | null}}         a view opened; send events since T
    {"hello": {..., "quiet": true}}        probe: does the kernel have the widget?
    {"bye": true}                          a view closed
    {"ask": N, "kind": K, "question": Q}   a question; also K = "download" with Q = {run, file}, and
                                           K = "module" with Q = {screen}, for the code of another screen

    {"event": E}                           an event
    {"link": "live", "message": M}         or "detached", "ended", "gone"
    {"answer": N, "value": V}              with the bytes of a download as a buffer
    {"answer": N, "error": M}

anywidget keeps the code and the style sheet of the front end in the state of each widget
(``_esm``, ``_css``), which a front end that saves the state of widgets writes to the notebook each time.
JupyterLab and Notebook do not save it unless told to, and no panel of ours needs it: what is
shown without a kernel is the snapshot in the output itself.
"""

from __future__ import annotations

import contextvars
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import Dict, Unicode

from aml_magics.errors import AmlError
from aml_magics.records.status import TERMINAL
from aml_magics.views.screen.registry import can_be_followed, output_of, subscribe
from aml_magics.widgets._built import code_of
from aml_magics.widgets._drawn_outputs import DrawnOutputs
from aml_magics.widgets._question import reply
from aml_magics.widgets._subscription_thread import SubscriptionThread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.contract.question import Subscription
    from aml_magics.views.static.output import Output
    from aml_magics.views.text.encoding import Event


class LiveWidget(anywidget.AnyWidget):
    """A panel that is drawn at once and then follows its subject.

    Args:
        workspace: where the data is.
        traits: values of other traits.
    """

    _esm = Unicode().tag(sync=True)
    _css = Unicode().tag(sync=True)
    _snapshot = Dict().tag(sync=True)
    workspace = Unicode(read_only=True, help="The name of the workspace.").tag(sync=True)

    _kind: str
    """The kind of its screen, whose code it carries, and of its subject."""

    def __init__(self, workspace: Workspace, **traits: Any) -> None:  # noqa: ANN401
        self._handle = workspace
        self._store = workspace.store
        self._outputs = DrawnOutputs(self)
        self._thread = SubscriptionThread(self._subscribe, self.send, self._told)
        self._drawn = self._draw()
        self.set_trait("workspace", workspace.name)
        script, style = code_of(self._kind)
        super().__init__(_esm=script, _css=style, _snapshot=self._drawn.snapshot, **traits)
        self.on_msg(self._heard)

    def open(self) -> None:
        """Register the widget with the front end."""
        super().open()
        if self.comm is not None:
            self.comm.on_close(lambda _message: self._thread.stop())
        self._hear_in_any_thread()

    def close(self) -> None:
        """Remove the widget and stop its thread."""
        if "_thread" in vars(self):  # unless __init__ refused its arguments
            self._thread.stop()
        super().close()

    def _draw(self) -> Output:
        """Draw the panel's current state."""
        return output_of(self._store, self._kind, self._subject())

    def _subject(self) -> Mapping[str, Any]:
        """What the panel shows, as the kind's dataclass has it; each widget overrides it."""
        raise NotImplementedError(f"{type(self).__name__} must define _subject")

    def _seen(self, event: Event) -> None:
        """Hook for events sent to the views."""

    def _told(self, event: Event) -> None:
        self._seen(event)
        if event["type"] == "end":
            # Outside of the context of the cell that showed it: what executes a notebook takes updates of the
            # running cell alone.
            contextvars.Context().run(self._outputs.update)

    def _is_under_way(self) -> bool:
        """Whether the subject is a run that will end, by the last drawing."""
        status = self._drawn.snapshot.get("view", {}).get("status")
        return isinstance(status, str) and status not in TERMINAL

    def _watch(self) -> None:
        """Follow the subject even if the front end gets its data from a server and sends no message."""
        if self.comm is not None and self._is_under_way():
            self._thread.watch()

    def _subscribe(self, token: str | None) -> Subscription[Event]:
        return subscribe(self._store, self._kind, self._subject(), token)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Handle a message of a view; unknown messages are ignored."""
        match content:
            case {"hello": {"quiet": True}}:
                self.send({"link": "live"})
            case {"hello": _} if not can_be_followed(self._kind):
                self.send({"link": "still"})
            case {"hello": hello}:
                token = hello.get("token") if isinstance(hello, dict) else None
                self._thread.hello(token if isinstance(token, str) else None)
            case {"bye": _}:
                self._thread.bye()
            case {"ask": number, "kind": str(kind), "question": dict(question)}:
                found = reply(self._store, number, kind, question)
                self.send(found.message, list(found.buffers))

    def _send(self, msg: dict[str, Any], buffers: Sequence[bytes] | None = None) -> None:
        super()._send(msg, buffers)
        self._hear_in_any_thread()

    def _hear_in_any_thread(self) -> None:
        """Answer views while a cell runs.

        A front end sends its messages to a thread of their own (a subshell), and ipykernel puts them
        back to the thread that sent the last message of ours, which would be the cell's.
        """
        getattr(self.comm, "__dict__", {}).pop("_reply_subshell_id", None)

    def _ipython_display_(self) -> None:
        """Show the last expression of a cell as ``display`` does: a cell's result cannot be updated.

        ipywidgets 7, required by old packages, would display the widget's view alone by this method.
        """
        if not self._outputs.is_result():
            raise NotImplementedError  # IPython goes on with _repr_mimebundle_
        self._outputs.show()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        with suppress(AmlError):  # the store is unreachable: keep the last drawing
            self._drawn = self._draw()
        if self._is_under_way():
            self._outputs.await_next()
            self._watch()
        return {**data, **self._drawn.bundle(self.model_id)}, metadata
