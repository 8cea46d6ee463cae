from __future__ import annotations

from pathlib import Path

import numpy as np

from aml_magics.records.diff import Change, RunDiff
from aml_magics.records.experiment import ExperimentRecord
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store.tables.metric import head_of
from aml_magics.views.compare.compare import compare_view_of
from aml_magics.views.compare.static import compare_page
from aml_magics.views.run.diff import diff_view_of
from aml_magics.views.run.experiments import experiments_view_of
from aml_magics.views.run.log import log_view_of
from aml_magics.views.run.static_diff import diff_page
from aml_magics.views.run.static_handle import experiment_handle_html, run_handle_html
from aml_magics.views.run.static_log import log_page
from aml_magics.views.run.static_table import (
    experiments_page,
    run_table_page,
)
from aml_magics.views.run.table import run_table_view_of
from aml_magics.views.workspace.static import workspace_page
from aml_magics.views.workspace.workspace import workspace_view_of
from tests.views.samples import START, learning_curve, run_record, scalars
from tests.views.static.pages import assert_fits, assert_harmless


def test_a_table_of_a_hundred_runs_fits_and_counts_the_rest() -> None:
    logged = scalars("accuracy", learning_curve(60))
    records = [run_record(key=n, number=n, params={"lr": 0.1, "kind": "gb"}) for n in range(120)]
    heads = {n: [head_of(logged)] for n in range(120)}
    view = run_table_view_of(records, heads, {(n, "accuracy"): logged for n in range(120)})
    page = assert_harmless(run_table_page(view).html)

    assert page.rows() == 102
    assert page.tags >= {"svg", "path"}
    assert "… 20 more runs" in page.text
    assert_fits(run_table_page(view).text)


def test_the_experiment_is_a_column_only_where_it_differs() -> None:
    same = run_table_view_of([run_record(key=1), run_record(key=2)], {}, {})
    other = run_table_view_of([run_record(key=1), run_record(key=2, experiment="b")], {}, {})

    assert "Experiment" not in run_table_page(same).text
    assert "Experiment" in run_table_page(other).text


def test_an_empty_table_says_how_to_make_a_run() -> None:
    view = run_table_view_of([], {}, {})

    assert "%%aml_run" in run_table_page(view).text
    assert "%%aml_run" in assert_harmless(run_table_page(view).html).text


def test_an_empty_table_says_what_no_run_met() -> None:
    view = run_table_view_of([], {}, {})
    asked = {"experiment": "<b>digits</b>", "status": "Failed", "filter": "metrics.acc > 0.9"}
    words = (
        "There is no run of experiment '<b>digits</b>', with status Failed, "
        "that meets the filter metrics.acc > 0.9."
    )

    assert run_table_page(view, asked).text.replace("\n", " ") == words
    assert words in assert_harmless(run_table_page(view, asked).html).text
    assert run_table_page(view, {"limit": 5, "sort": "name"}).text == run_table_page(view).text
    assert_fits(
        run_table_page(view, {"ids": ["a"], "filter": "name = '" + "漢字 " * 90 + "'"}).text
    )


def test_more_columns_than_fit_are_counted() -> None:
    params = {f"p{n}": n for n in range(20)}
    view = run_table_view_of([run_record(params=params)], {}, {})

    assert "14 more parameters" in assert_harmless(run_table_page(view).html).text


def test_a_comparison_puts_what_differs_first_and_stars_the_best() -> None:
    logged = [scalars("accuracy", learning_curve(30, top=top)) for top in (0.8, 0.9)]
    records = [run_record(key=n, params={"same": 1, "lr": n}) for n in range(2)]
    heads = {n: [head_of(one)] for n, one in enumerate(logged)}
    curves = {(n, "accuracy"): one for n, one in enumerate(logged)}
    view = compare_view_of(records, heads, curves)
    page = assert_harmless(compare_page(view).html)
    lines = compare_page(view).text.splitlines()

    assert page.text.count("★") == 1
    assert page.text.index("lr") < page.text.index("same")
    assert next(line for line in lines if line.startswith("accuracy")).count("*") == 1
    assert_fits(compare_page(view).text)


def test_a_comparison_of_many_runs_is_cut_and_says_so() -> None:
    view = compare_view_of([run_record(key=n) for n in range(30)], {}, {})

    assert "… 18 more runs" in compare_page(view).text
    assert "… 18 more runs" in assert_harmless(compare_page(view).html).text


def test_a_difference_says_what_was_added_and_removed() -> None:
    changes = [Change("new", None, 1, has_before=False), Change("old", 2, None, has_after=False)]
    lines = ["--- a", "+++ b", "@@ -1 +1 @@", *[f"+line {n}" for n in range(300)]]
    view = diff_view_of(RunDiff("a", "b", packages=changes, code=lines))

    assert "+ added" in diff_page(view).text
    assert "- removed" in diff_page(view).text
    assert "… 103 more lines" in assert_harmless(diff_page(view).html).text


def test_runs_that_are_alike_say_so() -> None:
    view = diff_view_of(RunDiff("a", "b"))

    assert "Nothing differs" in diff_page(view).text
    assert "Nothing differs" in assert_harmless(diff_page(view).html).text


def test_experiments_are_counted_by_status() -> None:
    records = [ExperimentRecord(1, "x", "old", START, archived=START)]
    view = experiments_view_of("default", records, {"old": {"Failed": 1, "Completed": 2}})

    assert "old (archived)" in experiments_page(view).text
    assert "✓ 2 Completed · ✗ 1 Failed" in assert_harmless(experiments_page(view).html).text
    assert "No experiments yet" in experiments_page(experiments_view_of("default", [], {})).text
    assert "No experiments yet" in experiments_page(experiments_view_of("default", [], {})).html


def test_a_workspace_is_shown_with_whole_paths_and_no_password() -> None:
    folder = Path("/") / "/".join(["a long folder"] * 12)
    view = workspace_view_of(
        WorkspaceRecord("x", "team"),
        folder=folder,
        catalogue="postgresql://ann:secret@db/aml",
        artifacts="s3://bucket",
        experiments=0,
        counts={},
    )

    assert str(folder) in workspace_page(view).text
    assert "secret" not in workspace_page(view).text + workspace_page(view).html
    assert "***" in assert_harmless(workspace_page(view).html).text


def test_a_log_marks_errors_and_counts_what_is_hidden() -> None:
    view = log_view_of(run_record(), "one\ntwo\nValueError: bad", limit=2)
    html = log_page(view).html

    assert "… 1 line before these" in assert_harmless(html).text
    assert '<strong class="aml-removed">ValueError: bad' in html
    assert log_page(view).text.splitlines()[-1] == "ValueError: bad"
    assert "printed nothing" in log_page(log_view_of(run_record(), "")).text
    assert "printed nothing" in log_page(log_view_of(run_record(), "")).html


def test_a_handle_names_the_command_where_azure_has_a_link() -> None:
    run_id = "1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f"
    html = run_handle_html(experiment="digits", run_id=run_id, type=None, status="Completed")
    text = assert_harmless(html).text

    assert text.startswith("ExperimentIdTypeStatusDetails PageDocs Page")
    assert "%aml run 1f3c9a2b" in text
    html = experiment_handle_html(name="two words", workspace="default")
    assert "%aml runs --experiment 'two words'" in assert_harmless(html).text


def test_numbers_of_a_metric_that_never_was_one_are_left_blank() -> None:
    logged = scalars("m", np.array([np.nan]))
    view = run_table_view_of([run_record()], {1: [head_of(logged)]}, {})

    assert "NaN" in run_table_page(view).text


def test_a_difference_is_coloured_by_better_and_worse_not_by_old_and_new() -> None:
    changes = [Change("accuracy", 0.8, 0.9), Change("loss", 0.4, 0.5), Change("size", 1, 2)]
    view = diff_view_of(RunDiff("a", "b", metrics=changes, params=[Change("lr", 1, 2)]))

    html, text = diff_page(view).html, diff_page(view).text
    assert html.count('class="aml-added"') + html.count("aml-n aml-added") == 1
    assert html.count("aml-removed") - html.count(".aml-removed") == 1
    assert "✓ better" in text
    assert "✗ worse" in text
    assert text.count("≠ changed") == 2


def test_changed_lines_are_blocks_that_can_stand_beside_each_other() -> None:
    lines = ["--- a", "+++ b", "@@ -1 +1 @@", " same", "-old", "-- comment", "+new", " end"]
    html = diff_page(diff_view_of(RunDiff("a", "b", code=lines))).html

    assert html.count('class="aml-block"') == 2
    assert '<span class="aml-old aml-muted">--- a' in html
    assert '<span class="aml-old aml-removed">-- comment' in html
    assert '<span class="aml-both" data-line=" same"> same' in html
