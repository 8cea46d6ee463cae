"""What screens show of models, asked as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from aml_magics.errors import InvalidFilterError, ModelNotFoundError
from aml_magics.records.job import JobRecord
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.services.job.submission import CELL
from aml_magics.services.run import code_snapshot
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage import deletion
from aml_magics.views.model import lineage
from aml_magics.views.model.output import MODEL, MODELS
from aml_magics.views.screen.registry import answer, output_of


def test_the_list_has_a_row_a_name_with_the_metrics_of_its_run(sqlite_store, digits):
    view = answer(sqlite_store, "models", {})

    assert [(one["name"], one["version"], one["versions"]) for one in view["rows"]] == [
        ("plain", 1, 1),
        ("digits", 2, 2),
    ]
    row = view["rows"][1]
    assert (row["metrics"], row["run_name"]) == ({"accuracy": 0.9}, "fit2")
    assert list(row["aliases"]) == ["champion → 1"]
    assert [one["name"] for one in row["uses"]] == ["scorer"]
    assert (list(view["metrics"]), view["count"], view["total"]) == (["accuracy"], 2, 2)


def test_all_versions_of_a_name_are_filtered(sqlite_store, digits):
    view = answer(sqlite_store, "models", {"name": "digits", "filter": "metrics.accuracy < 0.85"})

    assert [(one["version"], list(one["aliases"])) for one in view["rows"]] == [(1, ["champion"])]
    assert (view["count"], view["total"]) == (1, 2)
    with pytest.raises(InvalidFilterError):
        answer(sqlite_store, "models", {"filter": "nothing = 1"})
    with pytest.raises(ModelNotFoundError):
        answer(sqlite_store, "models", {"name": "nothing"})


def test_a_version_tells_where_it_comes_from_and_what_uses_it(sqlite_store, digits):
    view = answer(sqlite_store, "model", {"model": "digits"})

    assert (view["id"], view["run"]["params"], view["run"]["metrics"]) == (
        "digits:2",
        {"rate": 0.2},
        {"accuracy": 0.9},
    )
    nodes = [(one["kind"], one["title"], one["is_gone"]) for one in view["lineage"]["nodes"]]
    assert nodes == [
        ("dataset", "people:1", False),
        ("dataset", "gone-id", True),
        ("run", "fit2", False),
        ("model", "digits:2", False),
        ("service", "scorer", False),
    ]
    assert [list(one) for one in view["lineage"]["edges"]] == [[0, 2], [2, 3], [1, 3], [3, 4]]
    assert view["samples"] == {"input": "people:1"}
    assert [one["version"] for one in view["versions"]] == [2, 1]
    assert answer(sqlite_store, "model", {"model": "digits@champion"})["version"] == 1
    assert answer(sqlite_store, "model", {"model": "digits", "version": 1})["version"] == 1


def test_code_and_environment_of_the_run_stand_before_it(sqlite_store, digits):
    record = runs.get(sqlite_store, digits[1].run_id)
    git = json.dumps({"commit": "0123456789abcdef", "dirty": True})
    parts = {"source": "%%aml_run\n1", "git": git, "packages": "numpy==2.0\npandas==2.2"}
    code_snapshot.put(sqlite_store, record, parts)

    def told():
        lineage = answer(sqlite_store, "model", {"model": "digits:2"})["lineage"]
        nodes = lineage["nodes"]
        run = next(place for place, one in enumerate(nodes) if one["kind"] == "run")
        before = [nodes[start] for start, end in lineage["edges"] if end == run]
        assert {one["id"] for one in before if one["kind"] != "dataset"} == {record.id}
        return [(one["kind"], one["title"], one["note"]) for one in before[1:]]

    assert told() == [
        ("code", "notebook cell", "0123456, changed"),
        ("environment", "2 packages", "notebook"),
    ]
    text = output_of(sqlite_store, "model", {"model": "digits:2"}).text
    assert "notebook cell, 0123456, changed" in text

    wanted = Environment("sk")
    wanted.python.conda_dependencies = CondaDependencies.create(pip_packages=["numpy", "pandas"])
    definition = wanted.to_dict()
    job = JobRecord(record.key, "here", script="train.py", environment=definition)
    sqlite_store.catalogue.transact(lambda connection: sqlite_store.jobs.add(connection, job))
    code, environment = told()
    assert code == ("code", "train.py", "0123456, changed")
    assert environment[1] == "sk"
    assert environment[2].startswith("2 packages, Python 3")

    plain = replace(
        job, environment=None, script=None, command=("/bin/bash", "a.sh"), python="/x/py"
    )
    sqlite_store.catalogue.transact(lambda connection: sqlite_store.jobs.replace(connection, plain))
    assert [one[1:] for one in told()] == [
        ("bash", "0123456, changed"),
        ("py", "/x/py, which submitted it"),
    ]


def test_a_model_outlives_its_run(sqlite_store, digits):
    deletion.delete(sqlite_store, [digits[1].run_id])

    view = answer(sqlite_store, "model", {"model": "digits:2"})

    assert (view["run"], view["run_id"]) == (None, digits[1].run_id)
    assert [one["is_gone"] for one in view["lineage"]["nodes"] if one["kind"] == "run"] == [True]


def test_a_pickle_is_told_by_what_it_would_import(sqlite_store, digits):
    [file] = answer(sqlite_store, "model_contents", {"model": "digits"})["files"]

    assert "builtins.print" in file["imports"]
    assert file["problem"] == ""


def test_bytes_that_are_gone_are_said(sqlite_store, digits):
    for one in digits:
        sqlite_store.blobs.remove(one.files[0].digest)

    view = answer(sqlite_store, "model_contents", {"model": "digits"})

    assert not view["files"]
    assert view["problem"]


def test_what_changed_between_versions_is_told(sqlite_store, digits):
    diff = answer(sqlite_store, "model_diff", {"model": "digits:1", "other": "digits:2"})

    sections = {one["title"]: [each["name"] for each in one["changes"]] for one in diff["sections"]}
    assert sections["Metrics"] == ["accuracy"]
    assert sections["Parameters"] == ["rate"]
    assert sections["Files"] == ["outputs/m.pkl"]
    assert sections["Model"] == ["description", "aliases"]
    assert "Datasets" not in sections


def test_outputs_are_small_and_have_every_form(sqlite_store, digits):
    for kind, subject, mime in (
        ("models", {}, MODELS),
        ("model", {"model": "digits"}, MODEL),
    ):
        bundle = output_of(sqlite_store, kind, subject).bundle()
        assert list(bundle) == [mime, "text/html", "text/plain"]
        assert "digits" in bundle["text/html"]
        assert "<script" not in bundle["text/html"]
        assert len(json.dumps(bundle)) < 30_000
        assert "accuracy" in bundle["text/plain"] or kind == "model"
    text = output_of(sqlite_store, "model", {"model": "digits"}).text
    assert "builtins.print" in output_of(sqlite_store, "model", {"model": "digits"}).html
    assert "people:1" in text


def test_a_cell_that_ran_elsewhere_is_a_cell():
    parts, job = {"source": "x = 1"}, JobRecord(1, "here", module=CELL)
    assert lineage._told(parts, job)["code"][0] == "notebook cell"
    assert lineage._told(parts, JobRecord(1, "here", script="a.py"))["code"][0] == "a.py"
