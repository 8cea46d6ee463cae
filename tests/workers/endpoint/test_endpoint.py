"""REST requests start pipelines: a real process that is killed, revived, stopped and started."""

from __future__ import annotations

import os
import signal
import socket
import time
from urllib.parse import urlsplit

import psutil
import pytest

from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Recurrence
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.services.pipeline.address import endpoint_address, pipeline_address
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.process import rest
from aml_magics.services.run import run as runs
from aml_magics.services.run.experiment import list_experiments
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from tests.services.pipeline.graphs import graph_in
from tests.services.pipeline.scheduled import scheduled
from tests.workers.conftest import ended, until
from tests.workers.endpoint.conftest import ask, header, message

E = {"ExperimentName": "by-rest"}


def pid(store):
    found = rest.rest_status(store)
    return found.pid if found else None


def test_a_request_starts_a_run_that_is_there_at_once_with_its_steps(store, pipeline, post):
    status, found = post(
        {
            **E,
            "ParameterAssignments": {"rate": "0.25", "epochs": 7},
            "DataPathAssignments": {
                "raw": {"DataStoreName": "workspaceblobstore", "RelativePath": "x"}
            },
            "RunSource": "SDK",
            "DisplayName": "mine",
            "Tags": {"k": "v"},
            "RunProperties": {"p": "1"},
        }
    )

    assert status == 200
    run = runs.get(store, found["Id"])
    asked = pipeline_of(store, run)
    assert (run.experiment, run.name, run.tags) == ("by-rest", "mine", {"k": "v"})
    assert run.properties["runSource"] == "SDK"
    assert run.properties["p"] == "1"
    assert (asked.pipeline_id, asked.parameters["rate"], asked.parameters["epochs"]) == (
        pipeline.id,
        0.25,
        7,
    )
    assert asked.parameters["raw"] == {"datastore": "workspaceblobstore", "path": "x"}
    assert [one.run.name for one in step_results(store, run)] == ["one", "two"]


def test_runs_by_rest_and_of_schedules_have_nothing_of_who_started_their_process(
    store, tmp_path, monkeypatch
):
    """What is submitted directly has the environment of who submits it."""
    monkeypatch.setenv("NOTEBOOKS_OWN", "hush")
    code = "import os; print('own', os.environ.get('NOTEBOOKS_OWN'), 'PATH' in os.environ)"
    held = published.publish(store, graph_in(store, tmp_path, code=code))
    _, answer = ask(pipeline_address(store, held.id), E)
    once = Recurrence("Hour", 1)
    of_schedule = scheduled(store, time.time(), when=once, pipeline_id=held.id)
    [fired] = until(lambda: schedule.run_ids(store, of_schedule))
    direct = published.submit(store, "direct", held).id

    def printed(run_id):
        run = ended(store, runs.get(store, run_id))
        [first, _] = step_results(store, run)
        return read_log(store, first.run).split("own ")[1].split("\n")[0]

    assert [printed(one) for one in (answer["Id"], fired)] == ["None True"] * 2
    assert printed(direct) == "hush True"


def test_a_run_becomes_the_child_of_another(store, post):
    parent = post(E)[1]["Id"]

    child = post({**E, "ParentRunId": parent})[1]["Id"]

    assert runs.get(store, child).parent == parent
    assert "ParentRunId: No run 'nothing'" in message(post({**E, "ParentRunId": "nothing"}))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"ParameterAssignments": {"rte": 1}}, "no parameter 'rte'. Did you mean 'rate'?"),
        ({"ParameterAssignments": {"rate": "fast"}}, "Parameter 'rate' is a number"),
        ({"ParameterAssignments": {"epochs": 1.5}}, "Parameter 'epochs' is a whole number"),
        ({"ParameterAssignments": {"fast": "maybe"}}, "Parameter 'fast' is True or False"),
        ({"ParameterAssignments": {"raw": "x"}}, "Parameter 'raw' is a path of a datastore"),
        ({"ExperimentName": "\n"}, "The name of an experiment is empty"),
    ],
)
def test_a_wrong_parameter_starts_nothing(store, post, body, said):
    status, found = post({**E, **body})

    assert (status, found["error"]["code"]) == (400, "BadRequest")
    assert said in found["error"]["message"]
    assert list_experiments(store) == []


def test_an_endpoint_starts_its_default_or_a_version(store, pipeline, url, tmp_path):
    other = published.publish(store, pipeline.graph)
    both = endpoint.publish(store, "Id train", pipeline)
    endpoint.add(store, both, other)
    by_id = endpoint_address(store, both.id)
    by_name = by_id.split("Id", 1)[0]

    def started(address):
        status, found = ask(address, E)
        assert status == 200, found
        assert found["PipelineEndpointId"] == both.id
        return found["PipelineId"]

    assert started(by_id) == started(f"{by_id}/0") == pipeline.id
    assert started(f"{by_id}/1") == started(f"{by_name}Name/Id%20train/1") == other.id
    assert started(f"{by_name}Name?name=Id%20train") == pipeline.id
    assert started(f"{by_name}Name?name=Id+train&pipelineVersion=1") == other.id
    endpoint.set_default(store, both, "1")
    assert started(by_id) == other.id
    status, found = ask(f"{by_id}/9", E)
    assert (status, "no version '9'" in found["error"]["message"]) == (404, True)


def test_what_is_disabled_starts_nothing(store, pipeline, url):
    both = endpoint.publish(store, "train", pipeline)
    by_id = endpoint_address(store, both.id)
    published.set_status(store, pipeline.id, PipelineStatus.DISABLED)
    assert [ask(one, E)[0] for one in (url, by_id)] == [409, 409]
    published.set_status(store, pipeline.id, PipelineStatus.ACTIVE)
    endpoint.set_status(store, both, PipelineStatus.DISABLED)

    assert [ask(one, E)[0] for one in (url, by_id)] == [200, 409]
    assert "Endpoint 'train'" in message(ask(by_id, E))


def test_what_a_pipeline_takes_is_described(pipeline, url):
    status, found = ask(f"{url}/swagger.json", method="GET")

    [path] = found["paths"]
    body = found["paths"][path]["post"]["parameters"][0]["schema"]["properties"]
    assert (status, found["info"]["title"], path) == (200, "train", urlsplit(url).path)
    assert body["ParameterAssignments"]["properties"]["rate"] == {"type": "number", "default": 0.5}
    assert list(body["DataPathAssignments"]["properties"]) == ["raw"]


def test_a_killed_process_is_revived_at_the_same_address(store, pipeline, url, post):
    assert post(E)[0] == 200
    before = pid(store)
    os.kill(before, signal.SIGKILL)
    until(lambda: pid(store) is None)

    recover(store)

    assert post(E)[0] == 200
    assert pid(store) not in (None, before)
    assert pipeline_address(store, pipeline.id) == url


def test_a_port_that_another_program_took_is_told_and_changed(store, pipeline, url, caplog):
    os.kill(until(lambda: pid(store)), signal.SIGKILL)
    until(lambda: pid(store) is None)
    with socket.create_server(("127.0.0.1", urlsplit(url).port)):
        other = pipeline_address(store, pipeline.id)

    assert other != url
    assert "is taken by another program" in caplog.text
    assert ask(other, E)[0] == 200


def test_a_process_that_the_user_stopped_stays_down_until_it_is_wanted_again(
    store, pipeline, url, post, caplog
):
    assert post(E)[0] == 200
    assert rest.down(store)
    recover(store)
    assert pipeline_address(store, pipeline.id) == url
    assert (pid(store), rest.rest_status(store).is_down) == (None, True)
    assert "`aml-magics up` starts it again" in caplog.text
    assert not rest.down(store)

    assert rest.up(store) == url.partition("/pipelines")[0]
    assert post(E)[0] == 200
    assert rest.up(store) is None


def test_nothing_is_started_before_somebody_asks_for_an_address(store, pipeline):
    recover(store)

    assert rest.rest_status(store) is None
    assert not rest.down(store)
    assert rest.up(store) is None


def test_a_process_ends_with_its_workspaces_folder(store, url, post):
    assert post(E)[0] == 200
    process = psutil.Process(pid(store))
    rest.lock_path(store).unlink()

    until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def test_a_token_that_is_over_is_refused(url, monkeypatch):
    monkeypatch.setattr("aml_magics.services.workspace.token.LIFETIME", -1.0)

    assert ask(url, E, headers=header())[0] == 401
