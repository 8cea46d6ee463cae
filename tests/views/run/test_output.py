from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import nbformat
import numpy as np
import pytest

from aml_magics.records.data.dataset import UsedDataset
from aml_magics.records.metric import MetricKind
from aml_magics.views.chart.small import POINTS
from aml_magics.views.compare.compare import compare_view_of
from aml_magics.views.compare.output import COMPARE, compare_output
from aml_magics.views.run.output import CELLS, RUN, RUN_TABLE, run_output, run_table_output
from aml_magics.views.run.run import RunView, run_view_of
from aml_magics.views.run.table import run_table_view_of
from aml_magics.views.static.output import VERSION, packed
from aml_magics.views.text.terminal import CUT, plain, screen_lines
from tests.fixtures.source import ROOT
from tests.views.samples import (
    failed_source,
    full_source,
    learning_curve,
    run_record,
    scalars,
    series,
    source,
)

KILOBYTE = 1_000
FRONT_END = ROOT / "labextension" / "src"


def run_of(metrics: int, points: int = 10_000) -> RunView:
    curves = [scalars(f"metric_{n}", learning_curve(points, n)) for n in range(metrics)]
    log = "".join(f"epoch {n}: loss {1 / (n + 1):.4f}\n" for n in range(50))
    return run_view_of(source(run_record(params={"rate": 0.1, "depth": 3}), *curves, log=log))


def size_in_notebook(bundle: dict[str, Any]) -> int:
    """Bytes that an output adds to the file, as Jupyter writes it."""

    def written(outputs: list[Any]) -> int:
        cell = nbformat.v4.new_code_cell("1", outputs=outputs)
        return len(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode())

    return written([nbformat.v4.new_output("display_data", data=bundle)]) - written([])


def unpacked(data: dict[str, Any]) -> dict[str, Any]:
    """What `unpacked` of the front end does."""

    def objects(value: dict[str, Any]) -> Any:
        if set(value) == {"$fields", "$rows"}:
            return [dict(zip(value["$fields"], row, strict=True)) for row in value["$rows"]]
        return value

    return {**data, "view": json.loads(data["view"], object_hook=objects)}


def curve_of(view: dict[str, Any], place: int = 0) -> dict[str, Any]:
    return view["metrics"][place]["points"]


@pytest.mark.parametrize("metrics", [1, 20, 100])
def test_output_of_10_000_points_adds_less_than_50_kilobytes_to_the_notebook(metrics):
    bundle = run_output("lab", run_of(metrics)).bundle(widget="0" * 32)

    assert sorted(bundle) == [RUN, "text/html", "text/plain"]
    assert size_in_notebook(bundle) < 50 * KILOBYTE


def test_output_of_one_metric_is_far_below_the_bound():
    assert size_in_notebook(run_output("lab", run_of(1)).bundle()) < 25 * KILOBYTE


def test_names_and_version_are_those_of_the_front_end():
    code = (FRONT_END / "ui" / "place" / "snapshot.ts").read_text(encoding="utf-8")

    for noun, mime in (("run", RUN), ("runs", RUN_TABLE), ("compare", COMPARE)):
        entry = FRONT_END / "screens" / noun / "index.ts"
        assert f"mime: '{mime}'" in entry.read_text(encoding="utf-8")
    assert re.search(r"VERSION = (\d+)", code)[1] == str(VERSION)


def test_snapshot_says_its_version_its_workspace_and_its_widget():
    output = run_output("lab", run_of(0))

    assert (output.snapshot["version"], output.snapshot["workspace"]) == (1, "lab")
    assert "widget" not in output.snapshot
    assert "widget" not in output.payload()[RUN]
    assert output.payload("model")[RUN]["widget"] == "model"


def test_view_has_the_fields_of_the_dataclass():
    from dataclasses import asdict

    view = run_view_of(full_source())
    small = run_output("lab", view).snapshot["view"]

    assert list(small) == list(asdict(view))
    assert list(small["metrics"][0]) == list(asdict(view)["metrics"][0])
    assert small["params"] == view.params
    assert small["children"][0]["name"] == "fold 1"
    assert [one["label"] for one in small["datasets"]] == ["raw", "made"]


def test_of_very_many_datasets_the_first_are_kept_and_the_rest_is_told():
    used = UsedDataset("input", "raw", "Mount", "0a" * 16, "diabetes", 2, "file")
    many = source(run_record(), datasets=tuple(replace(used, label=f"{n}") for n in range(40)))
    small = run_output("lab", run_view_of(many)).snapshot["view"]

    assert len(small["datasets"]) == 30
    assert small["warnings"] == ["This file keeps the first 30 of 40 datasets."]


@pytest.mark.parametrize("sample", [full_source(), failed_source(), source(run_record())])
def test_packed_snapshot_is_the_same_when_it_is_read(sample):
    whole = run_output("lab", run_view_of(sample)).snapshot

    assert isinstance(packed(whole)["view"], str)
    assert unpacked(packed(whole)) == whole


def test_curve_keeps_its_ends_and_its_peaks_with_six_digits():
    values = np.full(10_000, 1 / 3)
    values[1_234], values[7_777] = 99.123456789, -5.0
    points = curve_of(
        run_output("lab", run_view_of(source(run_record(), scalars("loss", values)))).snapshot[
            "view"
        ]
    )

    assert 20 < len(points["values"]) <= 250
    assert points["steps"][0] == 0
    assert points["steps"][-1] == 9_999
    assert points["values"][points["steps"].index(1_234)] == 99.1235
    assert points["values"][points["steps"].index(7_777)] == -5.0
    assert points["values"][0] == 0.333333
    assert len(points["steps"]) == len(points["times"]) == len(points["values"])


def test_many_curves_share_the_room_and_none_has_less_than_20_points():
    curves = [
        curve_of(run_output("lab", run_of(40)).snapshot["view"], place) for place in range(40)
    ]
    counts = [len(one["values"]) for one in curves if one is not None]

    assert min(counts) >= 19  # a highest and a lowest may be the same point
    assert sum(counts) <= POINTS
    assert curves[-1] is None  # its last, lowest and highest value are there


def test_what_json_cannot_say_is_text():
    values = np.array([1.0, math.nan, math.inf, -math.inf, 2.0])
    view = run_view_of(source(run_record(), scalars("loss", values)))
    text = json.dumps(run_output("lab", view).snapshot, allow_nan=False)

    assert curve_of(json.loads(text)["view"])["values"] == [
        1.0,
        "NaN",
        "Infinity",
        "-Infinity",
        2.0,
    ]


def test_log_keeps_twenty_lines_or_as_many_whole_ones_as_there_is_room_for():
    def tail(letters: int) -> list[str]:
        log = "".join(f"{n} {'x' * letters}\n" for n in range(60))
        return run_output("lab", run_view_of(source(run_record(), log=log))).snapshot["view"][
            "log_tail"
        ]

    assert [line[:3] for line in tail(10)] == [f"{n} " for n in range(40, 60)]
    assert tail(1_500) == [f"{n} {'x' * 1_500}" for n in (58, 59)]
    [line] = tail(9_000)
    cut = CUT.format(9_000 + 3 - (4_000 - len(CUT.format(9_003))))
    assert (len(line), line[-len(cut) :]) == (4_000, cut)


def test_a_long_coloured_line_is_cut_where_no_colour_is_cut():
    log = "\x1b[31mred\x1b[m" * 4_000
    [line] = run_output("lab", run_view_of(source(run_record(), log=log))).snapshot["view"][
        "log_tail"
    ]

    assert set(screen_lines(line)) == {line}
    room = 4_000 - len(CUT.format(12_000))
    assert plain(line) == ("red" * 2_000)[:room] + CUT.format(12_000 - room)


def test_long_lists_are_cut_and_the_panel_says_so():
    record = run_record(params={f"p{n}": n for n in range(500)}, tags={"t": "x" * 9_000})
    view = replace(run_view_of(source(record)), description="y" * 9_000)
    small = run_output("lab", view).snapshot["view"]

    assert len(small["params"]) == 100
    assert len(small["tags"]["t"]) < 500
    assert len(small["description"]) < 500
    assert small["warnings"][-1] == "This file keeps the first 100 of 500 params."


def test_traceback_keeps_its_start_and_its_end():
    sample = failed_source()
    error = replace(
        sample.record.error, traceback="first\n" + "line\n" * 9_000 + "ValueError: last"
    )
    view = run_view_of(source(replace(sample.record, error=error)))
    traceback = run_output("lab", view).snapshot["view"]["error"]["traceback"]

    assert len(traceback) < 5_000
    assert traceback.startswith("first")
    assert traceback.endswith("ValueError: last")


def test_table_and_large_matrix_are_cut():
    rows = [{f"c{column}": row / 7 for column in range(60)} for row in range(100)]
    labels = [str(n) for n in range(40)]
    document = {"data": {"class_labels": labels, "matrix": [[1] * 40] * 40}}
    sample = source(
        run_record(),
        series("rows", MetricKind.ROW, rows),
        series("confusion", MetricKind.CONFUSION_MATRIX, ["c.json"]),
        documents={"c.json": document},
    )
    table, matrix = run_output("lab", run_view_of(sample)).snapshot["view"]["metrics"]

    assert table["table"]["count"] == 100
    assert sum(map(len, table["table"]["rows"])) <= CELLS
    assert table["table"]["rows"][1][0] == 0.142857
    assert matrix["matrix"] is None


def test_lone_surrogates_which_no_notebook_can_hold_are_replaced():
    record = run_record(name="a\ud800b", params={"p\udfff": "\ud800"}, tags={"\ud800": "\udfff"})
    bundle = run_output("lab", run_view_of(source(record, log="\ud800\n"))).bundle()

    assert size_in_notebook(bundle) > 0
    assert unpacked(bundle[RUN])["view"]["name"] == "a\ufffdb"


def test_hostile_text_comes_back_as_it_was():
    hostile = json.loads((ROOT / "tests" / "data" / "hostile_text.json").read_text("utf-8"))
    for text in hostile["markup"]:
        view = run_view_of(source(run_record(name=text, params={text: text})))
        found = unpacked(packed(run_output("lab", view).snapshot))["view"]
        assert (found["name"], found["params"]) == (text, {text: text})


def table_of(rows: int, metrics: int) -> Any:
    records = [
        run_record(key=n, id=f"run-{n}", number=n, params={"rate": n / 3}) for n in range(rows)
    ]
    curves = [scalars(f"metric_{n}", learning_curve(50, n)) for n in range(metrics)]
    heads = {record.key: source(record, *curves).heads for record in records}
    drawn = {(record.key, one.name): one for record in records for one in curves}
    return run_table_view_of(records, heads, drawn)


def test_run_table_keeps_its_query_and_short_sparklines():
    small = run_table_output("lab", table_of(3, 2), {"experiment": "digits"}).snapshot

    assert small["query"] == {"experiment": "digits"}
    assert [row["id"] for row in small["view"]["rows"]] == ["run-0", "run-1", "run-2"]
    assert small["view"]["rows"][1]["params"]["rate"] == 1 / 3  # what was set has all its digits
    assert (
        max(len(line) for row in small["view"]["rows"] for line in row["sparklines"].values()) <= 13
    )


def test_wide_table_keeps_as_many_rows_as_there_is_room_for_and_counts_the_others():
    small = run_table_output("lab", table_of(100, 60), {}).snapshot["view"]

    assert len(small["rows"]) < 100
    assert len(small["rows"]) + small["more"] == 100
    assert len(json.dumps(small)) < 60 * KILOBYTE


def test_comparison_shares_the_room_between_its_curves():
    records = [run_record(key=n, id=f"run-{n}", number=n) for n in range(4)]
    curves = [scalars(f"metric_{n}", learning_curve(5_000, n)) for n in range(30)]
    heads = {record.key: source(record, *curves).heads for record in records}
    drawn = {(record.key, one.name): one for record in records for one in curves}
    view = compare_view_of(records, heads, drawn)
    small = compare_output("lab", view).snapshot
    points = [len(curve["steps"]) for one in small["view"]["overlays"] for curve in one["curves"]]

    assert 0 < sum(points) <= POINTS
    assert len(small["view"]["metrics"]) == 30
    assert unpacked(packed(small)) == small


def test_each_output_has_its_snapshot_its_page_and_its_text():
    table = run_table_output("lab", table_of(2, 1), {"limit": 2})
    compared = compare_output("lab", compare_view_of([run_record()], {}, {}))

    assert unpacked(table.bundle()[RUN_TABLE])["query"] == {"limit": 2}
    assert list(compared.payload("model")) == [COMPARE]
    assert compared.payload("model")[COMPARE]["widget"] == "model"
    assert "<table" in table.html
    assert "gradient boosting" in table.text
    assert "widget" not in compared.snapshot


def test_page_of_many_metrics_draws_few_curves():
    few, many = run_output("lab", run_of(10, 100)), run_output("lab", run_of(40, 100))

    assert few.html.count("<figure") == 10
    assert many.html.count("<figure") == 6


def confusion(count, labels, cell=123_456):
    size = len(labels)
    document = {"data": {"class_labels": labels, "matrix": [[cell] * size] * size}}
    shown = [series(f"m{n}", MetricKind.CONFUSION_MATRIX, ["c.json"]) for n in range(count)]
    return source(run_record(), *shown, documents={"c.json": document})


def rows(count, text, columns=30):
    table = [{f"a long column {place}": text for place in range(columns)} for _ in range(count)]
    return series(f"rows {count} {text[:1]}", MetricKind.ROW, table)


@pytest.mark.parametrize(
    "sample",
    [
        confusion(50, [f"label {n}" for n in range(30)]),
        confusion(1, ["x" * 100_000] * 3),
        source(run_record(params={f"p{n}": "ü" * 1_000 for n in range(300)})),
        source(run_record(tags={"漢" * 80 + str(n): "漢" * 1_000 for n in range(100)})),
        source(run_record(), rows(30, "x" * 500), rows(40, "漢" * 500), rows(1, "y" * 500)),
        source(
            run_record(),
            *[
                series(f"i{n}", MetricKind.IMAGE, [f"images/epoch/{n}_{k}.png" for k in range(50)])
                for n in range(40)
            ],
        ),
        source(run_record(reason="漢" * 10_000), warnings="漢" * 5_000, log="漢" * 900 + "\n"),
    ],
)
def test_whatever_a_run_holds_its_snapshot_is_small(sample):
    output = run_output("lab", run_view_of(sample))

    assert size_in_notebook(output.payload(widget="0" * 32)) < 30 * KILOBYTE
    assert output.snapshot["view"]["id"] == sample.record.id


def test_whatever_runs_hold_their_table_and_their_comparison_are_small():
    runs = [
        run_record(
            key=key,
            id=f"{key}-run",
            params={f"p{n}": f"{'ü' * 300}{key}" for n in range(2_000)},
            tags={f"t{n}": "the same" for n in range(2_000)},
        )
        for key in range(20)
    ]
    table = run_table_output("lab", run_table_view_of(runs, {}, {}), {})
    comparison = compare_output("lab", compare_view_of(runs, {}, {}))

    assert size_in_notebook(table.payload()) < 50 * KILOBYTE
    assert size_in_notebook(comparison.bundle()) < 100 * KILOBYTE
    assert comparison.snapshot["view"]["params"][0]["name"] == "p0"
    assert comparison.snapshot["view"]["tags"] == []
