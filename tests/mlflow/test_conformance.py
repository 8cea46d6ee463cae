"""The same calls to a workspace and to MLflow's own database: the same answers, or a reason why not."""

from __future__ import annotations

import math
import time
import warnings
from enum import Enum
from typing import TYPE_CHECKING, Any

import mlflow
import pytest
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    Metric,
    Param,
    RunTag,
    ViewType,
)
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aml_magics import Workspace

    Call = Callable[["Side"], Any]

T0 = 1_600_000_000_000
NOT_COMPARED = {
    "artifact_uri",
    "artifact_location",
    "user_id",
    "workspace",
    "source",
    "model_uri",
    "metric_objs",
}
# MLflow's own parts of MLflow warn, too
pytestmark = pytest.mark.filterwarnings("ignore")


class Side:
    """One of the two: MLflow's client on it, and what it has made, by name."""

    def __init__(self, uri: str) -> None:
        self.c = mlflow.MlflowClient(uri, uri)
        self.s = self.c._tracking_client.store
        self.id: dict[str, str] = {}

    def experiment(self, name: str, **more: Any) -> None:
        self.id[name] = self.c.create_experiment(name, **more)

    def run(self, name: str, experiment: str = "e", **more: Any) -> Any:
        made = self.c.create_run(self.id[experiment], run_name=name, **more)
        self.id[name] = made.info.run_id
        return made.info

    def model(self, name: str, run: str, **more: Any) -> Any:
        made = self.c.create_logged_model(
            self.id["e"], name=name, source_run_id=self.id[run], **more
        )
        self.id[name] = made.model_id
        return made

    def names(self, filter_string: str = "", order: Any = None, of: str = "s", **more: Any) -> Any:
        found = self.c.search_runs([self.id[of]], filter_string, order_by=order, **more)
        return [one.info.run_name for one in found], found.token is not None

    def said(self, call: Call) -> Any:
        """An answer, or the type and the code of an error."""
        try:
            return self._plain(call(self))
        except MlflowException as error:
            return type(error).__name__, error.error_code

    def _plain(self, found: Any) -> Any:
        """An answer without what differs each time."""
        if isinstance(found, str) and len(found) > 8:
            return self._known().get(found, found)
        if isinstance(found, int) and abs(found / 1000 - time.time()) < 3600:
            return "now"
        if isinstance(found, dict):
            return {self._plain(name): self._plain(value) for name, value in found.items()}
        if isinstance(found, list | tuple):
            return [self._plain(one) for one in found]
        if not hasattr(found, "__dict__") or isinstance(found, Enum):
            return "nan" if found != found else found  # noqa: PLR0124 -- only NaN
        values = {name.lstrip("_"): value for name, value in vars(found).items()}
        kept = {name: value for name, value in values.items() if name not in NOT_COMPARED}
        if "experiment_id" in kept:
            kept["experiment_id"] = self._known()[kept["experiment_id"]]
        if kept.get("outputs", 0) is None:  # of a run that has just been made
            kept["outputs"] = {"model_outputs": []}
        if kept.get("metrics", 0) is None:  # of a model without any
            kept["metrics"] = []
        return self._plain(kept)

    def _known(self) -> dict[str, str]:
        return {id_: name for name, id_ in self.id.items()}


def dataset(name: str = "d", digest: str = "1", *tags: tuple[str, str]) -> DatasetInput:
    return DatasetInput(Dataset(name, digest, "local", "x"), [InputTag(*one) for one in tags])


def searchable(s: Side) -> None:
    s.experiment("s")
    values = (0.5, math.nan, 0.25, None, 2.0, -1.0)
    for i, value in enumerate(values):
        tags = {"even": str(i % 2 == 0), **({"only": "x"} if i < 2 else {})}
        s.run(f"r{i}", "s", start_time=T0 + i * 1000, tags=tags)
        points = [] if value is None else [Metric("acc", value, T0, 0)]
        params = [Param("i", str(i)), *([Param("odd", "Yes")] if i % 2 else [])]
        s.c.log_batch(s.id[f"r{i}"], [*points, Metric("tie", i // 2, T0, 0)], params)
        if i < 4:
            s.c.set_terminated(s.id[f"r{i}"], "FAILED" if i == 2 else "FINISHED", T0 + 90_000 - i)


LIFE: list[Call] = [
    lambda s: s.experiment("e", tags={"k": "v"}),
    lambda s: s.run("a"),
    lambda s: s.run("t", start_time=T0),
    lambda s: s.run("zero", start_time=0),
    lambda s: s.run("x", tags={"mlflow.runName": "other"}),
    lambda s: s.run("child", tags={"mlflow.parentRunId": s.id["a"], "mlflow.note.content": "n"}),
    lambda s: s.c.get_run(s.id["child"]),
    lambda s: s.c.create_run("999"),
    lambda s: s.c.set_terminated(s.id["child"]),
    lambda s: s.c.set_terminated(s.id["a"]),
    lambda s: s.c.get_run(s.id["a"]),
    lambda s: s.c.set_terminated(s.id["a"], "FAILED", T0 + 5),
    lambda s: s.c.get_run(s.id["a"]),
    lambda s: s.c.set_terminated(s.id["a"], "KILLED", T0 + 9),
    lambda s: s.c.get_run(s.id["a"]),
    lambda s: s.c.set_terminated(s.id["a"], "KILLED"),
    lambda s: s.c.get_run(s.id["a"]),
    lambda s: s.c.set_terminated("nope"),
    lambda s: s.c.set_terminated(s.id["t"], "FINISHED", T0 - 1000),
    lambda s: s.c.update_run(s.id["t"], status="RUNNING"),
    lambda s: s.c.get_run(s.id["t"]).info.start_time,
    lambda s: s.c.set_terminated(s.id["t"], "FINISHED", T0 + 2000),
    lambda s: s.c.get_run(s.id["t"]).info,
    lambda s: s.c.update_run(s.id["t"], name="renamed"),
    lambda s: s.c.get_run(s.id["t"]),
    lambda s: s.c.get_run("nope"),
    lambda s: s.c.get_run(""),
    lambda s: s.c.delete_run(s.id["a"]),
    lambda s: s.c.get_run(s.id["a"]),
    lambda s: s.c.delete_run(s.id["a"]),
    lambda s: s.c.log_metric(s.id["a"], "m", 2.0),
    lambda s: s.c.log_param(s.id["a"], "m", 2.0),
    lambda s: s.c.set_tag(s.id["a"], "m", 2.0),
    lambda s: s.c.delete_tag(s.id["a"], "m"),
    lambda s: s.c.set_terminated(s.id["a"]),
    lambda s: s.c.restore_run(s.id["a"]),
    lambda s: s.c.restore_run(s.id["a"]),
    lambda s: s.c.get_run(s.id["a"]).info.lifecycle_stage,
    lambda s: s.c.restore_run("nope"),
    lambda s: s.c.delete_run("nope"),
]
EXPERIMENTS: list[Call] = [
    lambda s: s.c.get_experiment(s.id["e"]),
    lambda s: s.c.get_experiment("99"),
    lambda s: s.c.create_experiment("e"),
    lambda s: s.c.create_experiment(""),
    lambda s: s.c.set_experiment_tag(s.id["e"], "a", 1),
    lambda s: s.c.set_experiment_tag(s.id["e"], "a" * 251, 1),
    lambda s: s.c.delete_experiment_tag(s.id["e"], "a"),
    lambda s: s.c.delete_experiment_tag(s.id["e"], "never"),
    lambda s: s.c.rename_experiment("99", "q"),
    lambda s: s.experiment("gone"),
    lambda s: s.run("g", "gone"),
    lambda s: s.c.set_terminated(s.id["g"]),
    lambda s: s.c.delete_experiment(s.id["gone"]),
    lambda s: s.c.get_experiment(s.id["gone"]),
    lambda s: s.c.get_run(s.id["g"]),
    lambda s: s.names(of="gone"),
    lambda s: s.names(of="gone", run_view_type=ViewType.DELETED_ONLY),
    lambda s: s.names(of="gone", run_view_type=ViewType.ALL),
    lambda s: s.c.delete_experiment(s.id["gone"]),
    lambda s: s.c.create_experiment("gone"),
    lambda s: s.run("new", "gone"),
    lambda s: s.c.rename_experiment(s.id["gone"], "x"),
    lambda s: s.c.set_experiment_tag(s.id["gone"], "a", "b"),
    lambda s: s.c.restore_experiment(s.id["gone"]),
    lambda s: s.c.get_experiment(s.id["gone"]),
    lambda s: s.names(of="gone"),
    lambda s: s.c.restore_experiment(s.id["gone"]),
    lambda s: s.c.restore_experiment("77"),
    lambda s: s.c.search_experiments(filter_string="name ~ 'e2'"),
    lambda s: s.c.search_experiments(max_results=0),
    lambda s: s.c.search_experiments(page_token="garbage"),
]
LOGGED: list[Call] = [
    lambda s: s.run("l"),
    lambda s: s.c.log_batch(s.id["l"], [], [Param("q", "1"), Param("q", "2")]),
    lambda s: s.c.log_batch(s.id["l"], [], [Param("q", "1"), Param("q", "1")]),
    lambda s: s.c.log_param(s.id["l"], "p", 1),
    lambda s: s.c.log_param(s.id["l"], "p", 2),
    lambda s: s.c.log_batch(s.id["l"], [Metric("m", 1, T0, 0)], [Param("p", "9")], []),
    lambda s: s.c.log_batch(s.id["l"], [Metric("x", i, T0, i) for i in range(1001)]),
    lambda s: s.c.log_batch(s.id["l"], [], [Param(f"p{i}", "1") for i in range(101)]),
    lambda s: s.c.log_batch(s.id["l"], [], [], [RunTag(f"t{i}", "1") for i in range(101)]),
    lambda s: s.c.log_batch(s.id["l"], [Metric("bad!", 1, T0, 0)]),
    lambda s: s.c.log_batch(s.id["l"], [Metric("ok", "text", T0, 0)]),
    lambda s: s.c.log_batch("nope"),
    lambda s: s.c.log_param(s.id["l"], "long", "v" * 6001),
    lambda s: s.c.log_metric(s.id["l"], "x", 1, -5),
    lambda s: s.c.set_tag(s.id["l"], "k" * 251, 1),
    lambda s: s.c.get_run(s.id["l"]),
    lambda s: s.run("in"),
    lambda s: s.c.log_inputs(s.id["in"], [dataset(), dataset("f")]),
    lambda s: s.c.log_inputs(s.id["in"], [dataset()]),
    lambda s: s.c.get_run(s.id["in"]).inputs.dataset_inputs[0],
    lambda s: s.c.log_inputs("nope", [dataset()]),
    lambda s: s.c.log_inputs(s.id["in"], [dataset("n" * 501)]),
    lambda s: s.c.log_inputs(s.id["in"], [dataset("n", "1" * 37)]),
    lambda s: s.c.log_inputs(s.id["in"], [dataset("n", "1", ("k", "v" * 501))]),
    lambda s: s.c.log_inputs(s.id["in"], [DatasetInput(Dataset(None, "1", "t", "s"), [])]),
    lambda s: s.names("dataset.name LIKE 'F%'", of="e"),
    lambda s: s.names("dataset.name = 'f'", of="e"),
]
MODELS: list[Call] = [
    lambda s: s.model("m", "in", tags={"k": "v"}, params={"p": "1"}, model_type="agent"),
    lambda s: s.model("n", "in"),
    lambda s: s.c.create_logged_model(s.id["e"], name="a/b"),
    lambda s: s.c.create_logged_model(s.id["e"], name=""),
    lambda s: s.c.finalize_logged_model(s.id["m"], "READY"),
    lambda s: s.c.finalize_logged_model("m-x", "READY"),
    lambda s: s.c.log_model_params(s.id["m"], {"q": "2"}),
    lambda s: s.c.log_metric(s.id["in"], "acc", 0.5, T0, 0, model_id=s.id["m"]),
    lambda s: s.c.log_batch(s.id["l"], [Metric("f1", 0.7, T0, 1, model_id=s.id["n"])]),
    lambda s: s.c.log_metric(
        s.id["in"], "f1", 0.9, T0, 2, dataset_name="d", dataset_digest="1", model_id=s.id["m"]
    ),
    lambda s: s.c.get_logged_model(s.id["m"]),
    lambda s: s.c.get_logged_model(s.id["n"]),
    lambda s: s.c.get_run(s.id["in"]).data.metrics,
    *(
        lambda s, wanted=wanted: [one.name for one in s.c.search_logged_models([s.id["e"]], wanted)]
        for wanted in ("metrics.f1 > 0.8", "metrics.f1 > 0.6", "metrics.acc < 0.5", "name = 'm'")
    ),
    lambda s: [
        one.name
        for one in s.c.search_logged_models([s.id["e"]], order_by=[{"field_name": "metrics.f1"}])
    ],
    lambda s: s.c.search_logged_models(["99"]),
    lambda s: s.c.log_inputs(s.id["l"], [], [LoggedModelInput(s.id["m"])]),
    lambda s: s.c.log_outputs(s.id["l"], [LoggedModelOutput(s.id["m"], 3)]),
    lambda s: s.c.get_run(s.id["l"]),
    lambda s: s.c.delete_logged_model(s.id["n"]),
    lambda s: s.c.get_logged_model(s.id["n"]),
]
SEARCHES: list[Call] = [
    searchable,
    *(
        lambda s, wanted=wanted: s.names(wanted)
        for wanted in (
            "metrics.acc > 0.3 and params.i != '4'", "metrics.acc != 0.5", "params.odd ILIKE 'y%'",
            "params.i IN ('1', '2')", "tags.only != 'x'", "tags.`mlflow.runName` = 'r1'",
            "status = 'RUNNING'", "attributes.status LIKE 'FIN%'", "run_name IN ('r1', 'r2')",
            f"start_time > {T0 + 2000}", "end_time >= 0", f"attributes.end_time < {T0 + 89_999}",
            "bogus = 1", "metrics.acc > 'x'", "metrics.acc LIKE 'x'", "params.i = 3", "metrics.acc >",
            "metrics.acc > 0.3 or params.i = '4'", "tags.only IS NULL", "params.odd IS NOT NULL",
        )
    ),
    *(
        lambda s, order=order: s.names(order=order)
        for order in (
            ["metrics.acc"], ["metrics.acc DESC"], ["metrics.tie", "params.i DESC"], ["params.odd"],
            ["tags.only DESC"], ["start_time"], ["end_time DESC"], ["status"], ["bogus"],
            ["metrics.none"], ["metrics.acc SIDEWAYS"], None,
        )
    ),
    lambda s: s.names(max_results=4),
    lambda s: s.names(max_results=6),
    lambda s: s.names(max_results=0),
    lambda s: s.names(max_results=50_001),
    lambda s: s.names(page_token="garbage"),
]  # fmt: skip
TRACES: list[Call] = [
    lambda s: s.c.search_traces(locations=[s.id["e"]]),
    lambda s: s.c.search_traces(locations=[s.id["e"]], max_results=0),
    lambda s: s.c.search_traces(locations=[s.id["e"]], filter_string="status = 'OK'"),
    lambda s: s.c.search_traces(locations=[s.id["e"]], filter_string="bogus ~~"),
    lambda s: s.c.search_traces(locations=[s.id["e"]], order_by=["timestamp_ms DESC"]),
    lambda s: s.c.search_traces(locations=[s.id["e"]], order_by=["bogus"]),
    lambda s: s.c.search_traces(locations=[s.id["e"]], page_token="x"),
    lambda s: s.c.get_trace("tr-1"),
    lambda s: s.c.delete_traces(s.id["e"], trace_ids=["tr-1"]),
    lambda s: s.c.delete_traces(s.id["e"]),
    lambda s: s.c.delete_trace_tag("tr-1", "a"),
    lambda s: s.s.get_trace_info("tr-1"),
    lambda s: s.s.batch_get_traces(["tr-1"]),
    lambda s: s.s.get_assessment("tr-1", "a"),
]
DIFFERENT: dict[str, Call] = {
    "A name has at most 255 characters here": lambda s: s.run("n" * 256) and None,
    "A run that goes on has no end": lambda s: (
        s.c.update_run(s.id["t"], status="RUNNING"),
        s.c.get_run(s.id["t"]).info.end_time,
    ),
    "A run does not go back to a queue": lambda s: (
        s.c.update_run(s.id["t"], status="SCHEDULED"),
        s.c.get_run(s.id["t"]).info.status,
    ),
    "An open run is cancelled before it is deleted": lambda s: s.c.delete_run(s.id["t"]),
    "Training goes on when somebody archives its experiment": lambda s: (
        s.c.delete_experiment(s.id["gone"]),
        s.c.log_metric(s.id["g"], "m", 1.0),
    ),
    "Names are trimmed": lambda s: s.c.get_experiment(s.c.create_experiment(" pad ")).name,
    "Infinity is kept": lambda s: (
        s.c.log_metric(s.id["zero"], "inf", math.inf, T0),
        s.c.get_run(s.id["zero"]).data.metrics["inf"],
    ),
    "A data set may be an input twice, to train and to test": lambda s: (
        s.c.log_inputs(s.id["zero"], [dataset("d", "1", ("mlflow.data.context", "train"))]),
        s.c.log_inputs(s.id["zero"], [dataset("d", "1", ("mlflow.data.context", "test"))]),
        s.names("dataset.context = 'test'", of="e"),
    ),
    "What is equal is logged twice, as a file would have it": lambda s: (
        [s.c.log_metric(s.id["zero"], "m", 1.0, T0, 0) for _ in range(2)],
        len(s.c.get_metric_history(s.id["zero"], "m")),
    ),
    "The files of a logged model are those of a run, so it has one": lambda s: (
        s.c.create_logged_model(s.id["e"], name="free").source_run_id is None
    ),
    "A wrong view is an error": lambda s: s.names(run_view_type=7),
    "A trace that is not there cannot be linked": lambda s: s.c.link_traces_to_run(
        ["t"], s.id["a"]
    ),
}


@pytest.fixture
def sides(ws: Workspace, tmp_path: Path) -> Iterator[list[Side]]:
    """Ours, and MLflow's; runs that are open at the end are ended."""
    with warnings.catch_warnings(action="ignore"):  # MLflow uses what SQLAlchemy will not have
        theirs = Side(f"sqlite:///{tmp_path / 'mlflow.db'}")
    ours = Side(ws.get_mlflow_tracking_uri())
    yield [ours, theirs]
    known = [one.experiment_id for one in ours.c.search_experiments()]
    for run in ours.c.search_runs(known, "status = 'RUNNING'"):
        ours.c.set_terminated(run.info.run_id)


def test_all_is_answered_as_mlflows_own_database_does(sides: list[Side]) -> None:
    topics = {
        "life": LIFE,
        "experiments": EXPERIMENTS,
        "logged": LOGGED,
        "models": MODELS,
        "searches": SEARCHES,
        "traces": TRACES,
    }
    differing = []
    for topic, calls in topics.items():
        for number, call in enumerate(calls):
            ours, theirs = (side.said(call) for side in sides)
            if ours != theirs:
                differing.append((topic, number, ours, theirs))
    assert differing == []
    equal = [why for why, call in DIFFERENT.items() if len({str(s.said(call)) for s in sides}) == 1]
    assert equal == []
