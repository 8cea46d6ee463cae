from __future__ import annotations

import time
from dataclasses import replace

import pytest

from aml_magics.errors import ServiceNotFoundError
from aml_magics.records.job import SourceFile
from aml_magics.records.service import Limits, ServiceError, ServiceState
from aml_magics.views.service.change import changes
from aml_magics.views.service.output import service_output, services_output
from aml_magics.views.service.service import service_view
from aml_magics.views.service.services import services_view
from aml_magics.views.service.static import service_handle_html
from aml_magics.views.static.output import MOST_BYTES
from aml_magics.views.text.encoding import to_json
from tests.fixtures.services import (
    DIGITS,
    SCALED,
    put_log,
    put_service,
    put_status,
    put_traffic,
    replica,
)


def test_a_view_tells_state_replicas_load_and_log(store):
    record = put_service(store)
    put_status(store, record, replica(), replica(pid=42, state="starting", revision=2))
    put_traffic(store, record, (time.time(), {"200": 5}, {"80": 5}))
    put_log(store, record, "model loaded\nready\n")

    view = service_view(store, "digits")

    assert (view.state, view.answering, view.revision) == ("Healthy", 1, 1)
    assert view.authentication == "key"
    assert view.scoring_uri == "http://127.0.0.1:6789/score"
    assert [(one.name, one.version) for one in view.models] == [("digits", "1")]
    assert [one.state for one in view.replicas] == ["ready", "starting"]
    assert view.load.requests == (5,)
    assert (view.log_size, view.log_tail) == (19, ("model loaded", "ready"))


def test_no_key_is_in_a_view(store):
    put_service(store)

    assert b"first-key" not in to_json(service_view(store, "digits"))
    assert "first-key" not in service_output("lab", service_view(store, "digits")).html


def test_a_service_without_files_has_a_view(store):
    put_service(store, port=0, state=ServiceState.TRANSITIONING)

    view = service_view(store, "digits")

    assert (view.replicas, view.log_tail, view.load.times) == ((), (), ())
    assert view.scoring_uri is None


def test_a_service_that_is_not_there_is_told_with_a_near_name(store):
    put_service(store)

    with pytest.raises(ServiceNotFoundError, match="no web service 'digit'"):
        service_view(store, "digit")


def test_a_revision_tells_what_changed(store):
    after = replace(
        DIGITS,
        models=("digits:2",),
        code=(SourceFile("score.py", "0" * 64, 1, 0o644),),
        variables={"X": "2", "Y": "1"},
        limits=Limits(scoring=5.0),
        scaling=SCALED,
        app_insights=True,
    )
    put_service(store, "digits", DIGITS, after)

    newest, first = service_view(store, "digits").revisions

    assert first.changes == ()
    assert newest.replicas == "1 to 4"
    assert newest.changes == (
        "models: digits:1 → digits:2",
        "application insights: off → on",
        "code: + score.py",
        "variables: + Y, ~ X",
        "limits scoring: 60.0 → 5.0",
        "scaling maximum: 1 → 4",
    )


def test_environments_are_compared_by_name():
    after = replace(DIGITS, environment={"name": "sklearn", "version": "3"}, cors=("*",))

    assert changes(DIGITS, after) == (
        "origins: none → *",
        "environment: this Python → sklearn:3",
    )


def test_many_names_are_counted():
    after = replace(DIGITS, variables={str(number): "" for number in range(9)})

    assert changes(DIGITS, after) == ("variables: + 0, + 1, + 2, + 3, + 4, … 5 more",)


def test_the_table_has_a_row_for_each(store):
    record = put_service(store)
    put_service(
        store, "broken", state=ServiceState.FAILED, error=ServiceError("RunMissing", "no run()")
    )
    put_status(store, record, replica(), replica(state="draining"))
    put_traffic(store, record, (time.time() - 1, {"200": 58, "500": 2}, {"96": 60}))

    broken, digits = services_view(store).rows

    assert (broken.problem, broken.state) == ("no run()", "Failed")
    assert (digits.ready, digits.replicas) == (1, 2)
    assert (digits.load.rate, digits.load.errors) == (1.0, 2)
    assert digits.load.p95 == pytest.approx(4.1, rel=0.05)
    assert sum(digits.recent) == 60
    assert broken.recent == ()


def test_an_output_has_all_forms(store):
    record = put_service(
        store, state=ServiceState.FAILED, error=ServiceError("InitError", "boom <b>", ("line 1",))
    )
    put_status(store, record, replica())
    put_log(store, record, "Traceback <script>\n")
    put_traffic(
        store,
        record,
        *((time.time() - second, {"200": 2, "500": 1}, {"80": 3}) for second in (9, 5, 4)),
    )

    output = service_output("lab", service_view(store, "digits"))

    assert "✗ Failed" in output.html
    assert "boom &lt;b&gt;" in output.html
    assert "<script>" not in output.html
    assert "<svg" in output.html
    assert "InitError: boom <b>" in output.text
    assert "9 requests, 3 errors" in output.text
    assert "Traceback <script>" in output.text


def test_the_table_has_all_forms(store):
    assert "No services yet" in services_output(services_view(store)).text
    put_service(store)

    output = services_output(services_view(store))

    assert "digits:1" in output.html
    assert "✓ Healthy" in output.text


def test_a_large_service_fits_into_a_notebook(store):
    deployments = [replace(DIGITS, variables={"X": "y" * number}) for number in range(60)]
    record = put_service(
        store, "digits", *deployments, description="d" * 50_000,
        error=ServiceError("E", "m" * 50_000, ("x" * 50_000,) * 9),
    )  # fmt: skip
    put_log(store, record, "l" * 3_000 + "\n" + "z\n" * 5_000)
    now = time.time()
    put_traffic(store, record, *((now - at, {"200": at}, {"80": at}) for at in range(299, 0, -1)))

    output = service_output("lab", service_view(store, "digits"))

    assert len(to_json(output.payload())) < 2 * MOST_BYTES


def test_a_handle_draws_itself_with_the_command_that_shows_more(store):
    put_service(store)

    html = service_handle_html(service_view(store, "digits"))

    assert "%aml service digits" in html
    assert "digits:1" in html
