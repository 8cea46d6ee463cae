"""``Model.profile``: what it sends, and what a profile tells."""

from __future__ import annotations

import json
import threading

import pandas as pd
import pytest

from aml_magics.errors import NotFoundError, WebserviceError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service import profile as sdk_profile
from aml_magics.sdk.service.profile import ModelProfile, bodies_of
from aml_magics.services.service.profile import LoadStep, Profile

GB = 1 << 30
STEPS = (
    LoadStep(1, 200, 2, 2.0, 1.5, 1.0, 2.0, 3.0, 4.0, 0.41, GB // 4),
    LoadStep(8, 400, 0, 2.0, 3.5, 3.0, 4.0, 5.0, 6.0, 0.9, GB // 2),
)


@pytest.fixture
def measured(monkeypatch):
    """What was asked of the service below, which answers when it is let go."""
    found = {"go": threading.Event(), "answer": {"state": "Succeeded", "steps": STEPS}}

    def measure(store, name, deployment, bodies, *, say, **settings):
        found["asked"] = (deployment, bodies, settings)
        say("Deploying")
        assert found["go"].wait(60)
        return Profile(name, created=1.0, models=deployment.models, **found["answer"])

    monkeypatch.setattr(sdk_profile.profiles, "measure", measure)
    return found


def test_a_profile_goes_on_in_the_background_and_recommends(
    workspace, model, config, measured, capsys
):
    found = Model.profile(
        workspace, "p", [model], config, input_data='{"data": [[1]]}', cpu_cores=2, memory_in_gb=1.5
    )
    assert (found.state, found.error) == ("Running", None)
    assert found.get_details() == {"name": "p", "state": "Running", "error": None}
    measured["go"].set()
    found.wait_for_completion(show_output=True)

    deployment, bodies, settings = measured["asked"]
    assert (deployment.entry_script, deployment.models) == ("score.py", (model.id,))
    assert bodies == [b'{"data": [[1]]}']
    assert settings == {"cpu": 2, "memory_in_gb": 1.5, "description": ""}
    assert capsys.readouterr().out.endswith("Succeeded\n")
    details = found.get_results()
    assert (details["recommendedCpu"], details["recommendedMemoryInGB"]) == (1.1, 0.6)
    assert (details["totalQueries"], details["successRate"]) == (200, 99.0)
    assert (details["latencyPercentile99InMs"], details["measuredQueriesPerSecond"]) == (4.0, 100.0)
    assert [one["clients"] for one in details["loads"]] == [1, 8]
    assert json.loads(json.dumps(found.serialize()))["modelIds"] == [model.id]
    plot = found.plot()
    assert found._repr_mimebundle_() == plot._repr_mimebundle_()
    assert "Latency in ms at 1, 8 clients: p50 1, 3; p99 4, 6" in plot.html
    assert "1.1 cores, 0.6 GB" in repr(plot)


def test_a_profile_that_failed_says_why(workspace, model, config, measured):
    measured["answer"] = {"state": "Failed", "error": "init raised"}
    measured["go"].set()
    found = Model.profile(workspace, "p", [model], config, input_data="1")
    with pytest.raises(WebserviceError, match="Profile 'p' failed: init raised"):
        found.wait_for_completion()
    with pytest.raises(WebserviceError, match="nothing to plot"):
        found.plot()
    assert found.get_details()["error"] == "init raised"


def test_the_rows_of_a_dataset_are_requests(workspace):
    frame = pd.DataFrame({"sample": ['{"a": 1}', '{"a": 2}']})
    store = workspace.get_default_datastore()
    data = Dataset.Tabular.register_pandas_dataframe(frame, store, "requests", show_progress=False)

    assert bodies_of(data) == [b'{"a": 1}', b'{"a": 2}']
    assert bodies_of([{"a": 1}, b"x", "y"]) == [b'{"a": 1}', b"x", b"y"]
    with pytest.raises(WebserviceError, match=r"not int \(5\)"):
        bodies_of([5])
    wide = Dataset.Tabular.register_pandas_dataframe(
        frame.assign(more=1), store, "wide", show_progress=False
    )
    with pytest.raises(WebserviceError, match="has 2 columns"):
        bodies_of(wide)


def test_a_profile_that_was_never_made_is_not_found(workspace):
    with pytest.raises(NotFoundError, match="no profile 'none'"):
        ModelProfile(workspace, "none")
