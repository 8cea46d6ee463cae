from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.data.dataset import UsedDataset
from aml_magics.records.metric import LoggedFile, MetricKind
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.views.run.run import run_view_of
from aml_magics.views.run.static import run_page
from tests.views.samples import (
    START,
    failed_source,
    full_source,
    learning_curve,
    run_record,
    scalars,
    series,
    source,
)
from tests.views.static.pages import assert_fits, assert_harmless


def test_ten_thousand_points_of_three_metrics_stay_under_30_kb() -> None:
    view = run_view_of(full_source(10_000))

    assert len(run_page(view).html.encode()) < 30_000
    assert run_page(view).html.count("<figure") == 3


def test_a_full_run_says_it_all_in_words_too() -> None:
    view = run_view_of(full_source())
    page = assert_harmless(run_page(view).html)
    text = run_page(view).text

    assert_fits(text)
    for word in ("✓ Completed", "gradient boosting", "val_accuracy", "learning_rate", "fold 1"):
        assert word in page.text
        assert word in text
    assert "took 3 min 04 s" in text
    assert "… 2 more rows" in text
    assert "true \\ predicted" in page.text


def test_what_a_run_read_and_wrote_is_told() -> None:
    view = run_view_of(full_source())

    page = assert_harmless(run_page(view).html).text
    for role, label, name, how in (
        ("input", "raw", "diabetes, version 2", "mount"),
        ("output", "made", "0b0b0b0b", "upload"),
    ):
        assert f"{role}{label}{name}{how}" in page
        assert f"{role} {label} {name} {how}" in " ".join(run_page(view).text.split())
    assert "Dataset" not in run_page(run_view_of(failed_source())).text


def test_a_failed_run_shows_why_and_where() -> None:
    view = run_view_of(failed_source())
    page = assert_harmless(run_page(view).html)

    assert "✗ Failed" in page.text
    assert "ValueError: Found input variables" in page.text
    assert "labels[:-1]" in page.text
    assert "ValueError: Found input variables" in run_page(view).text.splitlines()[1]


def test_below_its_own_cell_a_run_repeats_nothing_that_the_cell_shows() -> None:
    view = run_view_of(failed_source())
    alone, in_cell = run_page(view), run_page(view, in_cell=True)

    assert view.log_tail
    assert view.error
    assert view.error.traceback
    assert "Traceback" in alone.html
    assert "Log (last" in alone.html
    assert "Traceback" not in in_cell.html
    assert "Log (last" not in in_cell.html
    assert view.error.message in in_cell.html
    assert len(in_cell.text) < len(alone.text)


def test_what_the_machine_did_comes_after_what_was_logged() -> None:
    names = ["system/cpu", "z", "a", "system/memory"]
    sample = source(run_record(), *(scalars(name, np.array([1.0, 2.0])) for name in names))

    assert [one.name for one in run_view_of(sample).metrics] == [
        *("z", "a", "system/cpu", "system/memory")
    ]


def test_numbers_that_may_be_copied_have_no_separators() -> None:
    page = run_page(run_view_of(source(run_record(params={"seed": 1_234_567, "x": 0.123456789}))))

    assert "1234567" in page.html
    assert "0.123456789" in page.text


@pytest.mark.parametrize("status", [RunStatus.CANCELED, RunStatus.NOT_RESPONDING])
def test_a_run_that_ended_early_shows_its_reason(status: RunStatus) -> None:
    view = run_view_of(source(run_record(status=status, reason="Canceled by ann.")))

    assert "Canceled by ann." in assert_harmless(run_page(view).html).text
    assert "Canceled by ann." in run_page(view).text


@pytest.mark.parametrize("status", list(RunStatus))
def test_every_status_has_a_glyph_and_its_word(status: RunStatus) -> None:
    view = run_view_of(source(run_record(status=status)))
    glyph, word = run_page(view).text.split("  ")[0].split(" ")

    assert not glyph.isalnum()
    assert word == status


def test_a_live_run_says_how_long_it_runs() -> None:
    record = run_record(status=RunStatus.RUNNING, ended=None, duration=None)
    view = run_view_of(source(record, log="epoch 1\n"), now=START + 65)

    assert "running for 1 min 05 s" in run_page(view).text
    assert "<details open>" in run_page(view).html


def test_an_empty_run_is_a_banner_and_its_id() -> None:
    record = run_record(status=RunStatus.NOT_STARTED, started=None, ended=None, duration=None)
    view = run_view_of(source(record))

    assert "not started yet" in assert_harmless(run_page(view).html).text
    assert run_page(view).text.endswith("not started yet · 1f3c9a2b")


def test_values_that_are_no_numbers_are_shown_as_words() -> None:
    view = run_view_of(
        source(
            run_record(params={"nan": math.nan, "huge": 10**5000, "none": None}),
            scalars("loss", np.array([1.0, math.nan])),
            scalars("big", [10**400]),
            scalars("phase", ["train"]),
        )
    )
    text = run_page(view).text

    assert_harmless(run_page(view).html)
    assert_fits(text)
    assert "NaN" in text
    assert "1000000" in text
    assert "train" in text


def test_a_run_with_very_much_of_everything_stays_small_and_says_so() -> None:
    long = "x" * 10_000
    view = run_view_of(
        source(
            run_record(
                name=long,
                description=long,
                error=RunError("E", long, long * 10),
                params={f"p{n}{long}": long for n in range(500)},
                tags={f"t{n}": long for n in range(500)},
            ),
            *(scalars(f"m{n}", learning_curve(50, n)) for n in range(60)),
            series("wide", MetricKind.ROW, [{f"c{n}": long for n in range(200)}]),
            files=tuple(ArtifactRecord(f"f{n}", "0" * 64, 1, START) for n in range(1_000)),
            children=tuple(run_record(key=n) for n in range(1_000)),
            datasets=tuple(
                UsedDataset("input", f"d{n}", "Mount", str(n), "x" * 255, n, "file")
                for n in range(50)
            ),
            log=f"{long}\n" * 1_000,
        )
    )
    page = assert_harmless(run_page(view).html)

    assert len(run_page(view).html) < 150_000
    assert_fits(run_page(view).text)
    for rest in (
        "20 more metrics",
        "54 more curves",
        "460 more parameters",
        "980 more files",
        "40 more datasets",
    ):
        assert rest in page.text


def test_a_confusion_matrix_of_many_classes_is_cut() -> None:
    size = 50
    data = {"class_labels": [f"c{n}" for n in range(size)], "matrix": [[1] * size] * size}
    view = run_view_of(
        source(
            run_record(),
            series("m", MetricKind.CONFUSION_MATRIX, ["m.json"]),
            documents={"m.json": {"data": data}},
        )
    )

    assert "… 30 more classes" in assert_harmless(run_page(view).html).text
    assert_fits(run_page(view).text)


def test_a_resumed_child_says_so() -> None:
    view = run_view_of(source(run_record(attempt=2, parent="decade00-1", target="gpu")))

    assert "on gpu · attempt 2 · child of decade00" in run_page(view).text


def test_the_same_view_is_drawn_the_same() -> None:
    view = run_view_of(full_source())

    assert run_page(view).html == run_page(replace(view)).html


def test_each_image_has_a_line_with_where_it_was_logged_and_what_was_said_of_it() -> None:
    values = [LoggedFile(f"plot_{n}.png", f"after <b>{n}</b> epochs").value for n in range(30)]
    images = series("plot", MetricKind.IMAGE, values)
    view = run_view_of(source(run_record(), images))

    html, text = run_page(view).html, run_page(view).text
    assert "plot 1 of 30" in html
    assert "after &lt;b&gt;0&lt;/b&gt; epochs" in html
    assert "… 10 more images" in html
    assert "plot 1 of 30" in text
    assert "after <b>0</b> epochs" in text


def test_the_words_about_a_chart_stand_below_it() -> None:
    document = {"data": {"class_labels": ["a"], "matrix": [[1]]}}
    values = [LoggedFile("m").value, LoggedFile("m_1", "by hand").value]
    logged = series("m", MetricKind.CONFUSION_MATRIX, values)
    view = run_view_of(source(run_record(), logged, documents={"m_1": document}))

    for words in (run_page(view).html, run_page(view).text):
        assert "by hand · the last of 2, step 1 at 500 ms" in words
