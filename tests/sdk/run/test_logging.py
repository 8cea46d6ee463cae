"""What can be logged, and how it reads back."""

from __future__ import annotations

import io
import json
import math
import os

import numpy as np
import pandas as pd
import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import (
    InvalidImageError,
    InvalidMetricError,
    InvalidNameError,
    InvalidPathError,
    RunFinishedError,
)
from aml_magics.sdk.run import logging as run_logging
from aml_magics.services.run import artifact

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


CHARTS = {
    "log_confusion_matrix": {"class_labels": ["a", "b"], "matrix": [[3, 1], [0, 4]]},
    "log_accuracy_table": {
        "probability_tables": [[[1, 2, 3, 4]]],
        "class_labels": ["a"],
        "percentile_tables": [],
    },
    "log_residuals": {"bin_edges": [0, 1], "bin_counts": [5]},
    "log_predictions": {
        "bin_averages": [1.0],
        "bin_counts": [1],
        "bin_errors": [0.1],
        "bin_edges": [0, 1],
    },
}


@pytest.fixture
def run() -> Run:
    return Experiment(Workspace.create("w"), "e").start_logging()


def read_back(run: Run) -> dict:
    """The metrics while the run is open, which must be those after it completed."""
    live = run.get_metrics()
    run.complete()
    kept = run.get_metrics()
    assert repr(sorted(live.items())) == repr(sorted(kept.items()))
    return kept


def test_one_value_reads_back_as_itself_and_more_as_a_list(run):
    run.log("once", 0.5)
    for value in (1, 2, 3):
        run.log("often", value)
    assert read_back(run) == {"once": 0.5, "often": [1, 2, 3]}


def test_a_column_with_any_float_is_floats(run):
    run.log("mixed", 1)
    run.log("mixed", 2.5)
    found = read_back(run)["mixed"]
    assert found == [1.0, 2.5]
    assert [type(value) for value in found] == [float, float]


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "text",
        10**30,
        -(10**30),
        1e308,
        -0.0,
        float("inf"),
        float("-inf"),
        2**63 - 1,
        -(2**63),
        2**63,
    ],
)
def test_every_scalar_reads_back_as_it_was(run, value):
    run.log("x", value)
    found = read_back(run)["x"]
    assert found == value
    assert type(found) is type(value)
    assert math.copysign(1, found) == math.copysign(1, value) if isinstance(value, float) else True


def test_nan_reads_back_as_nan(run):
    run.log("x", float("nan"))
    run.log("x", 1.0)
    first, second = read_back(run)["x"]
    assert math.isnan(first)
    assert second == 1.0


def test_numpy_scalars_become_plain_numbers(run):
    run.log("i", np.int64(3))
    run.log("f", np.float32(0.5))
    run.log("b", np.bool_(1))
    run.log("zero_d", np.array(7))
    run.log_list("l", np.array([1, 2]))
    found = read_back(run)
    assert found == {"i": 3, "f": 0.5, "b": True, "zero_d": 7, "l": [1, 2]}
    assert json.dumps(found)


def test_any_other_object_is_kept_as_its_repr(run):
    run.log("x", slice(1, 2))
    assert read_back(run) == {"x": "slice(1, 2, None)"}


@pytest.mark.parametrize("many", [[1, 2], (1, 2), range(3), iter([1]), {"a": 1}, np.array([1, 2])])
def test_many_values_are_refused_by_log(run, many):
    with pytest.raises(InvalidMetricError, match=r"takes one value, not a .*; use log_list"):
        run.log("x", many)
    assert run.get_metrics() == {}


@pytest.mark.parametrize("step", [1.5, "two"])
def test_a_step_that_is_no_integer_is_refused(run, step):
    with pytest.raises(InvalidMetricError, match="The step of 'x' is an integer"):
        run.log("x", 1.0, step=step)


@pytest.mark.parametrize("name", ["", " ", "a\nb", None, 5, "n" * 256])
def test_a_bad_metric_name_is_refused(run, name):
    with pytest.raises(InvalidNameError, match="name of a metric"):
        run.log(name, 1.0)


def test_a_list_of_one_reads_back_as_its_element(run):
    run.log_list("one", [5])
    run.log_list("more", (n for n in (1, 2)))
    run.log_list("none", [])
    assert read_back(run) == {"one": 5, "more": [1, 2], "none": []}


def test_lists_hold_single_values_only(run):
    with pytest.raises(InvalidMetricError, match="Item 1 of list 'l' is a list"):
        run.log_list("l", [1, [2]])
    with pytest.raises(InvalidMetricError, match="takes a list, not float"):
        run.log_list("l", 1.0)


def test_rows_become_columns(run):
    run.log_row("once", a=1, b="x")
    run.log_row("often", stat="count", value=1.0)
    run.log_row("often", stat="mean", value=2)
    assert read_back(run) == {
        "once": {"a": 1, "b": "x"},
        "often": {"stat": ["count", "mean"], "value": [1.0, 2.0]},
    }


def test_a_row_has_columns(run):
    with pytest.raises(InvalidMetricError, match="takes a keyword a column"):
        run.log_row("r")


def test_tables_read_back_as_columns(run):
    run.log_table("one", {"a": [1], "b": ["x"]})
    run.log_table("more", pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}))
    run.log_table("flat", {"a": 1})
    assert read_back(run) == {
        "one": {"a": 1, "b": "x"},
        "more": {"a": [1, 2], "b": [0.5, 1.5]},
        "flat": {"a": 1},
    }


def test_a_ragged_table_is_told_by_its_lengths(run):
    with pytest.raises(InvalidMetricError, match=r"differ in length .*a: 2, b: 1"):
        run.log_table("t", {"a": [1, 2], "b": [1]})
    with pytest.raises(InvalidMetricError, match="takes a dict of columns"):
        run.log_table("t", [1, 2])


def test_a_name_is_of_one_kind(run):
    run.log("x", 1.0)
    with pytest.raises(
        InvalidMetricError, match="'x' was logged as a scalar and cannot also be a list"
    ):
        run.log_list("x", [1])


def test_an_image_becomes_a_file_at_the_runs_root(run, tmp_path):
    (tmp_path / "p.png").write_bytes(PNG)
    run.log_image("plot", path=tmp_path / "p.png")
    run.log_image("stream", path=io.BytesIO(PNG))
    found = read_back(run)
    [name] = [name for name in run.get_file_names() if name.startswith("plot_")]
    assert name.endswith(".png")
    assert found["plot"] == f"aml://artifactId/ExperimentRun/dcid.{run.id}/{name}"


def image(number: int) -> io.BytesIO:
    return io.BytesIO(PNG + bytes([number]))


def numbers_in(run: Run, addresses: list[str]) -> list[int]:
    """The last byte of each file, which tells the images of a test apart."""
    store, record = run.experiment.workspace.store, run.record
    found = []
    for address in addresses:
        with artifact.open_file(store, record, address.rpartition("/")[2]) as file:
            found.append(file.read()[-1])
    return found


def test_images_of_one_name_are_a_series_however_fast_they_come(run, monkeypatch):
    monkeypatch.setattr(run_logging.time, "time", lambda: 1_700_000_000.5)  # all in one second
    for number in range(10):
        run.log_image("sample", path=image(number))
    addresses = read_back(run)["sample"]
    assert numbers_in(run, addresses) == list(range(10))
    assert addresses[0].endswith("/sample_1700000000.png")
    assert addresses[9].endswith("/sample_1700000000_10.png")


def test_images_of_several_processes_and_of_a_resumed_run_are_all_kept(run):
    children = []
    for place in range(4):
        children.append(os.fork())
        if children[-1] == 0:
            for number in range(5):
                run.log_image("sample", path=image(10 * place + number))
            os._exit(0)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    run.log_image("sample", path=image(90))
    run.fail()
    run.resume()
    run.log_image("sample", path=image(91))
    kept = numbers_in(run, read_back(run)["sample"])
    assert sorted(kept) == [10 * place + number for place in range(4) for number in range(5)] + [
        90,
        91,
    ]
    for place in range(4):
        own = [number for number in kept if number // 10 == place]
        assert own == sorted(own)


def test_an_image_takes_no_name_of_another_file(run, monkeypatch):
    monkeypatch.setattr(run_logging.time, "time", lambda: 1_700_000_000.5)
    run.upload_file("sample_1700000000.png", image(1))
    run.log_image("sample", path=image(2))
    address = run.get_metrics()["sample"]
    assert numbers_in(run, ["/sample_1700000000.png", address]) == [1, 2]


def test_a_description_is_kept_and_leaves_the_address_as_it_was(run):
    run.log_image("sample", path=image(1), description="before")
    run.log_confusion_matrix("m", {"class_labels": ["a"], "matrix": [[1]]}, "by hand")
    assert read_back(run)["sample"].startswith("aml://artifactId/ExperimentRun/dcid.")
    assert run.get_metrics(populate=True)["m"]["data"]["matrix"] == [[1]]


@pytest.mark.parametrize("method", CHARTS)
def test_charts_of_one_name_are_a_series(run, method):
    documents = [{**CHARTS[method], "at": number} for number in range(3)]
    for document in documents:
        getattr(run, method)("chart", document)
    assert len(set(run.get_metrics()["chart"])) == 3
    assert [one["data"] for one in run.get_metrics(populate=True)["chart"]] == documents


def test_a_figure_is_logged_as_png(run, tmp_path):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2])
    run.log_image("curve", plot=figure)
    run.log_image("axes", plot=figure.axes[0])
    [name] = [name for name in run.get_file_names() if name.startswith("curve_")]
    run.download_file(name, tmp_path / "back.png")
    assert (tmp_path / "back.png").read_bytes().startswith(PNG[:8])


def test_what_is_no_image_is_refused(run, tmp_path):
    (tmp_path / "p.png").write_bytes(b"no image")
    with pytest.raises(InvalidImageError, match="is no image; PNG"):
        run.log_image("x", path=tmp_path / "p.png")
    with pytest.raises(InvalidImageError, match="exactly one"):
        run.log_image("x")
    with pytest.raises(InvalidImageError, match="is a matplotlib figure or pyplot, not a str"):
        run.log_image("x", plot="figure")
    with pytest.raises(InvalidPathError, match="There is no file"):
        run.log_image("x", path="nowhere.png")
    with pytest.raises(InvalidPathError, match="is absolute"):
        run.log_image("/x", path=io.BytesIO(PNG))
    assert run.get_file_names() == []


@pytest.mark.parametrize("method", CHARTS)
def test_charts_are_addresses_until_populated(run, method):
    whole = {
        "schema_type": method.removeprefix("log_"),
        "schema_version": "v1",
        "data": CHARTS[method],
    }
    getattr(run, method)("as dict", whole)
    getattr(run, method)("as text", json.dumps(whole))
    getattr(run, method)("data only", CHARTS[method])
    assert run.get_metrics()["as dict"] == f"aml://artifactId/ExperimentRun/dcid.{run.id}/as dict"
    populated = run.get_metrics(populate=True)
    assert populated == {"as dict": whole, "as text": whole, "data only": whole}


def test_a_chart_may_hold_numpy(run):
    run.log_confusion_matrix("m", {"class_labels": ["a"], "matrix": np.array([[1]])})
    assert run.get_metrics(populate=True)["m"]["data"]["matrix"] == [[1]]
    with pytest.raises(InvalidMetricError, match="cannot hold a object"):
        run.log_confusion_matrix("m", {"class_labels": [object()], "matrix": []})


def test_a_chart_that_is_none_says_what_is_missing(run):
    with pytest.raises(InvalidMetricError, match="matrix is missing"):
        run.log_confusion_matrix("m", {"class_labels": []})
    with pytest.raises(InvalidMetricError, match="takes a dict or JSON text"):
        run.log_residuals("m", "{")


def test_nothing_is_logged_after_the_end(run):
    run.log("x", 1.0)
    run.complete()
    with pytest.raises(RunFinishedError, match="The run has ended"):
        run.log("x", 2.0)
    again = Run.get(run.experiment.workspace, run.id)
    with pytest.raises(RunFinishedError, match="'e-1' is Completed, and nothing more is logged"):
        again.log("x", 2.0)
    assert run.get_metrics() == {"x": 1.0}


def test_a_failed_run_points_to_resume(run):
    run.fail()
    with pytest.raises(RunFinishedError, match=r"go on with run.resume\(\)"):
        Run.get(run.experiment.workspace, run.id).log("x", 1)


def test_two_handles_log_to_one_series(run):
    other = Run.get(run.experiment.workspace, run.id)
    run.log("x", 1.0)
    other.log("x", 2.0)
    run.flush()
    assert read_back(run) == {"x": [1.0, 2.0]}
