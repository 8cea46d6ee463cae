"""``ModelProfile``: what a model needs to be served, measured on this machine."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError, WebserviceError, described
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
from aml_magics.sdk.service.deployment import base_deployment, model_ids
from aml_magics.services.service import profile as profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.static.page import Page

MOST: int = 1_000
"""Rows of the input that are sent, in turn."""


class ModelProfile:
    """A profile; ``Model.profile`` starts one, and ``ModelProfile(workspace, name)`` gets one that has ended.

    Attributes:
        workspace: where it is kept.
        name: its name.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._begin(workspace, name)
        self._found: profiles.Profile | None = profiles.get(workspace.store, name)

    def _begin(self, workspace: Workspace, name: str) -> None:
        self.workspace, self.name = workspace, name
        self._found = None
        self._thread: threading.Thread | None = None
        self._broken: AmlError | None = None
        self._doing = ""

    @classmethod
    def _start(
        cls,
        workspace: Workspace,
        name: str,
        models: Sequence[Any],
        inference_config: Any,  # noqa: ANN401 -- an InferenceConfig, or None
        input_data: object,
        **settings: Any,  # noqa: ANN401 -- those of `measure`
    ) -> ModelProfile:
        bodies = bodies_of(input_data)
        ids = model_ids(workspace, models, "Model.profile")
        deployment, notice = base_deployment(workspace, ids, inference_config)
        if notice:
            print(notice)
        made = cls.__new__(cls)
        made._begin(workspace, name)

        def work() -> None:
            try:
                made._found = profiles.measure(
                    workspace.store, name, deployment, bodies, say=made._say, **settings
                )
            except AmlError as error:  # told by `wait_for_completion`
                made._broken = error

        made._thread = threading.Thread(target=work, name=f"profile {name}")
        made._thread.start()
        return made

    def _say(self, text: str) -> None:
        self._doing = text

    def __repr__(self) -> str:
        return (
            f"ModelProfile(workspace={self.workspace!r}, name={self.name!r}, state={self.state!r})"
        )

    @property
    def state(self) -> str:
        """``Running``, ``Succeeded`` or ``Failed``."""
        if self._broken is not None:
            return "Failed"
        return "Running" if self._found is None else self._found.state

    @property
    def error(self) -> str | None:
        """Why it failed."""
        if self._broken is not None:
            return str(self._broken)
        return self._found.error or None if self._found is not None else None

    def wait_for_completion(self, show_output: bool = False) -> None:
        """Wait for its end.

        Raises:
            WebserviceError: it failed; the message says why.
        """
        said = ""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.1)
            if show_output and said != self._doing:
                said = self._doing
                print(said, flush=True)
        if show_output:
            print(self.state)
        if self.state == "Failed":
            raise WebserviceError(f"Profile {self.name!r} failed: {self.error}")

    wait_for_profiling = wait_for_completion

    def get_details(self) -> dict[str, Any]:
        """What was measured and what is recommended, with Azure's names; why it failed if it did.

        ``loads`` are ours: the figures at 1, 2, 4 and 8 clients. Azure's own figures are those of one client.
        """
        found = self._found
        if found is None or not found.steps:
            return {"name": self.name, "state": self.state, "error": self.error}
        one = found.steps[0]
        highest = max(step.memory for step in found.steps)
        return {
            "name": self.name,
            "state": found.state,
            "requestedCpu": found.cpu,
            "requestedMemoryInGB": found.memory_in_gb,
            "requestedQueriesPerSecond": 0,
            "maxUtilizedCpu": round(max(step.cpu for step in found.steps), 3),
            "maxUtilizedMemoryInGB": round(highest / profiles.GB, 3),
            "totalQueries": one.requests,
            "successQueries": one.requests - one.errors,
            "successRate": round(100 * (1 - one.errors / one.requests), 3),
            "averageLatencyInMs": round(one.mean, 3),
            "latencyPercentile50InMs": round(one.p50, 3),
            "latencyPercentile90InMs": round(one.p90, 3),
            "latencyPercentile95InMs": round(one.p95, 3),
            "latencyPercentile99InMs": round(one.p99, 3),
            "measuredQueriesPerSecond": round(one.rate, 3),
            "recommendedCpu": found.recommended_cpu,
            "recommendedMemoryInGB": found.recommended_memory_in_gb,
            "loads": self._loads(),
        }

    get_results = get_details

    def _loads(self) -> list[dict[str, Any]]:
        steps = self._found.steps if self._found is not None else ()
        return [
            {
                "clients": step.clients,
                "requests": step.requests,
                "errors": step.errors,
                "requestsPerSecond": round(step.rate, 1),
                "p50InMs": round(step.p50, 3),
                "p99InMs": round(step.p99, 3),
                "cpu": round(step.cpu, 3),
                "memoryInGB": round(step.memory / profiles.GB, 3),
            }
            for step in steps
        ]

    def serialize(self) -> dict[str, Any]:
        """The profile as a dictionary that JSON can hold."""
        found = self._found
        created = None if found is None else datetime.fromtimestamp(found.created, UTC).isoformat()
        return {
            **self.get_details(),
            "error": self.error,
            "description": found.description if found is not None else "",
            "modelIds": list(found.models) if found is not None else [],
            "createdTime": created,
        }

    def plot(self) -> ProfilePlot:
        """Latency, requests a second, memory and cores by the number of clients, for a notebook.

        ``plot().html`` is the same as a page of its own, without scripts. As the last line of a cell the profile
        draws itself so as well.

        Raises:
            WebserviceError: nothing was measured.
        """
        if self._found is None or not self._found.steps:
            raise WebserviceError(f"Profile {self.name!r} has nothing to plot: it is {self.state}.")
        return ProfilePlot(self._found)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        return None if self._found is None else ProfilePlot(self._found)._repr_mimebundle_()


class ProfilePlot:
    """The charts of a profile with their figures, in the colours of the notebook's theme."""

    def __init__(self, found: profiles.Profile) -> None:
        self._found = found

    @cached_property
    def _page(self) -> Page:
        from aml_magics.views.service.profile import profile_page

        return profile_page(self._found)

    @property
    def html(self) -> str:
        """The page, without scripts."""
        return self._page.html

    def __repr__(self) -> str:
        return self._page.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self._page.text}


def bodies_of(data: object) -> list[bytes]:
    """The requests of an input: rows of a dataset with one column, a list, a text or bytes.

    Raises:
        WebserviceError: a dataset has more than one column, or it is none of these.
    """
    if isinstance(data, TabularDataset):
        frame = data.take(MOST).to_pandas_dataframe()
        if len(frame.columns) != 1:
            raise WebserviceError(
                f"input_dataset has {len(frame.columns)} columns; give one column with the text of a request in each "
                "row, such as Dataset.Tabular.from_delimited_files(path, separator='\\n', header=False)."
            )
        data = frame.iloc[:, 0].tolist()
    if isinstance(data, bytes):
        return [data]
    if isinstance(data, str):
        return [data.encode()]
    if isinstance(data, dict):
        return [json.dumps(data).encode()]
    if isinstance(data, list | tuple) and data:
        return [body for one in data[:MOST] for body in bodies_of(one)]
    raise WebserviceError(
        f"Model.profile takes input_dataset=, a TabularDataset of one column, or input_data=, a text; not {described(data)}."
    )
