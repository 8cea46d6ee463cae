"""The life of a run in code written for Azure ML SDK v1."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import (
    AlreadyExistsError,
    PropertyExistsError,
    RunFailedError,
    RunFinishedError,
    RunNotFoundError,
    RunStateError,
)


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(Workspace.create("w"), "e")


def test_complete_is_final_and_may_be_called_again(experiment):
    run = experiment.start_logging()
    assert run.get_status() == "Running"
    run.complete()
    run.complete()
    assert run.status == run.get_status() == "Completed"
    with pytest.raises(
        RunFinishedError, match=r"'e-1' is Completed already and cannot become Failed"
    ):
        run.fail("late")


def test_fail_keeps_what_went_wrong(experiment):
    run = experiment.start_logging()
    run.fail(ValueError("bad\nvalue"))
    assert run.get_details()["error"] == {"error": {"code": "ValueError", "message": "bad\nvalue"}}
    assert run.record.reason == "ValueError: bad"
    with pytest.raises(RunFailedError, match=r"Run 'e-1' .* failed: ValueError: bad"):
        run.wait_for_completion()
    assert run.wait_for_completion(raise_on_error=False)["status"] == "Failed"


def test_a_block_completes_its_run_and_an_exception_fails_it(experiment):
    with experiment.start_logging() as good:
        good.log("x", 1)
    with pytest.raises(ZeroDivisionError), experiment.start_logging() as bad:
        1 / 0  # noqa: B018
    with pytest.raises(KeyboardInterrupt), experiment.start_logging() as stopped:
        raise KeyboardInterrupt
    assert [run.get_status() for run in (good, bad, stopped)] == ["Completed", "Failed", "Canceled"]
    assert "1 / 0" in bad.record.error.traceback


def test_a_run_that_was_ended_inside_its_block_stays_as_it_is(experiment):
    with experiment.start_logging() as run:
        run.fail("on purpose")
    assert run.get_status() == "Failed"


def test_cancel_ends_a_run_of_this_process_at_once(experiment):
    run = experiment.start_logging()
    run.cancel()
    assert run.get_status() == "Canceled"
    with pytest.raises(RunFinishedError, match="Canceled already"):
        run.complete()


def test_a_resumed_run_goes_on_where_its_series_ended(experiment):
    run = experiment.start_logging()
    for value in (3.0, 2.0):
        run.log("loss", value)
    run.fail("power cut")
    run.resume()
    run.log("loss", 1.0)
    run.complete()
    assert run.get_metrics() == {"loss": [3.0, 2.0, 1.0]}
    assert run.record.attempt == 2
    with pytest.raises(RunStateError, match="only a Failed or Canceled run is resumed"):
        run.resume()


def test_waiting_for_ones_own_open_run_is_refused_instead_of_hanging(experiment):
    with pytest.raises(RunStateError, match="would never end"):
        experiment.start_logging().wait_for_completion()


def test_wait_for_completion_returns_the_details(experiment, capsys):
    run = experiment.start_logging()
    run.complete()
    details = run.wait_for_completion(show_output=True)
    assert details["runId"] == run.id
    assert f"RunId: {run.id}" in capsys.readouterr().out


def test_details_are_plain_json_with_azures_names(experiment):
    run = experiment.start_logging(properties={"p": "1"})
    assert "endTimeUtc" not in run.get_details()
    run.complete()
    details = run.get_details()
    assert json.loads(json.dumps(details)) == details
    for name in (
        "runId",
        "target",
        "status",
        "startTimeUtc",
        "endTimeUtc",
        "properties",
        "inputDatasets",
        "outputDatasets",
        "logFiles",
        "submittedBy",
    ):
        assert name in details


def test_a_run_is_found_by_id_in_its_experiment_only(experiment):
    run = experiment.start_logging()
    assert Run(experiment, run.id) == Run.get(experiment.workspace, run.id) == run
    with pytest.raises(RunNotFoundError, match="No run 'nothing'"):
        Run(experiment, "nothing")
    with pytest.raises(RunNotFoundError, match="is of experiment 'e', not 'other'"):
        Run(Experiment(experiment.workspace, "other"), run.id)
    assert len({run, Run.get(experiment.workspace, run.id)}) == 1


def test_an_id_is_used_once(experiment):
    assert experiment.start_logging(run_id="mine").id == "mine"
    with pytest.raises(AlreadyExistsError, match="There is a run 'mine' already"):
        experiment.start_logging(run_id="mine")


def test_tags_overwrite_and_properties_are_written_once(experiment):
    run = experiment.start_logging(tags={"a": "1"})
    run.tag("a", "2")
    run.tag("flag")
    run.set_tags({"n": 3})
    run.remove_tags(["a"])
    assert run.tags == run.get_tags() == {"flag": None, "n": "3"}
    run.add_properties({"p": "1"})
    with pytest.raises(PropertyExistsError, match=r"written once, and run .* has 'p'; use a tag"):
        run.add_properties({"q": "1", "p": "2"})
    assert run.properties == run.get_properties() == {"p": "1"}


def test_a_tag_may_be_set_after_the_end(experiment):
    run = experiment.start_logging()
    run.complete()
    run.tag("reviewed", "yes")
    assert run.get_tags() == {"reviewed": "yes"}


def test_parameters_keep_their_types(experiment):
    run = experiment.start_logging(parameters={"lr": 0.1, "layers": 2, "adam": True, "name": "x"})
    run.log_parameters({"late": None})
    assert run.parameters == {"lr": 0.1, "layers": 2, "adam": True, "name": "x", "late": None}


def test_name_and_description_may_be_changed(experiment):
    run = experiment.start_logging(display_name="first", description="why")
    run.display_name = "second"
    run.description = "because"
    again = Run.get(experiment.workspace, run.id)
    assert (again.name, again.description) == ("second", "because")


def test_children_know_their_parent_and_come_newest_first(experiment):
    parent = experiment.start_logging()
    first, second = parent.create_children(tag_key="fold", tag_values=["1", "2"])
    grandchild = second.child_run(name="deep")
    assert [run.id for run in parent.get_children()] == [second.id, first.id]
    assert list(parent.get_children(recursive=True)) == [grandchild, second, first]
    assert list(parent.get_children(tags={"fold": "1"})) == [first]
    assert list(parent.get_children(recursive=True, tags={"fold": "1"})) == [first]
    assert grandchild.parent == second
    assert parent.parent is None
    assert len(parent.create_children(count=3)) == 3


def test_metrics_of_a_tree_come_by_run(experiment):
    parent = experiment.start_logging()
    child = parent.child_run()
    parent.log("a", 1)
    child.log("b", 2)
    assert parent.get_metrics(recursive=True) == {parent.id: {"a": 1}, child.id: {"b": 2}}
    assert parent.get_metrics("a") == {"a": 1}
    assert parent.get_metrics("none") == {}


def test_a_run_shows_itself_as_azure_does(experiment):
    run = experiment.start_logging()
    assert str(run) == f"Run(Experiment: e,\nId: {run.id},\nType: None,\nStatus: Running)"
    assert run.id in run._repr_html_()
    assert run.get_portal_url() == f"aml-magics run {run.id}"


def test_a_run_left_open_at_the_end_of_the_process_is_failed_and_says_so(experiment):
    code = """
        from aml_magics import Experiment, Workspace
        run = Experiment(Workspace.get("w"), "e").start_logging()
        run.log("x", 1.5)
        print(run.id)
    """
    run_id = subprocess.check_output(
        [sys.executable, "-c", textwrap.dedent(code)], text=True
    ).strip()
    run = Run.get(experiment.workspace, run_id)
    assert run.get_status() == "Failed"
    assert "ended before run.complete()" in run.record.reason
    assert run.get_metrics() == {"x": 1.5}


def test_a_secret_in_an_error_is_masked_however_the_run_failed(experiment):
    with pytest.raises(ValueError, match="hunter2"), experiment.start_logging() as run:
        raise ValueError("no access with password=hunter2x")
    told = experiment.start_logging()
    told.fail("no access with password=hunter2x")
    for failed in (run, told):
        assert "hunter2" not in str(failed.record.error)
        assert "hunter2" not in failed.record.reason


def test_an_inline_run_has_a_detailed_status_and_leaves_nothing_where_it_ran(experiment):
    run = experiment.start_logging()
    assert run.get_detailed_status() == {"status": "Running", "details": ""}
    with pytest.raises(RunStateError, match=r"'e-1' is Running .* run.cancel\(\) ends it"):
        run.clean()
    run.fail("bad")
    assert run.get_detailed_status() == {"status": "Failed", "details": "UserError: bad"}
    assert run.clean() == []
