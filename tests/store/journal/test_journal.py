"""What a journal writes is what a reader reads, number for number."""

from __future__ import annotations

import math
import struct
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml_magics.errors import (
    InvalidMetricError,
    InvalidNameError,
    JournalError,
    RunFinishedError,
)
from aml_magics.records.metric import MetricKind
from aml_magics.store.journal import journal as journal_module
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import JournalReader

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.metric import Series

SCALAR = MetricKind.SCALAR


@pytest.fixture
def journal(tmp_path: Path) -> JournalWriter:
    return JournalWriter(tmp_path, 1, "run-1", "owner")


def read(writer: JournalWriter) -> dict[str, Series]:
    return {one.name: one for one in JournalReader(writer.path).read().series}


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.journal"))


def all_values(folder: Path, name: str) -> list[Any]:
    found: list[Any] = []
    for path in parts(folder):
        batch = JournalReader(path).read()
        assert batch.bad == 0
        for one in batch.series:
            if one.name == name:
                found += one.plain()
    return found


def bits(value: Any) -> Any:
    """What tells two floats apart that compare equal, and makes NaN equal to itself."""
    return struct.pack("<d", value) if isinstance(value, float) else value


def ascii_name(value: Any) -> str:
    return ascii(value)[:20]


FLOATS = [0.5, -0.0, 1e308, 5e-324, math.inf, -math.inf, math.nan]
INTEGERS = [0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 10**400]
OTHERS = ["text", "", "\0é\ud800😀", None, True, False, "<b>", "x" * 100_000]


@pytest.mark.parametrize("value", [*FLOATS, *INTEGERS, *OTHERS], ids=ascii_name)
def test_a_value_comes_back_as_it_was_logged(journal: JournalWriter, value: Any) -> None:
    journal.value("m", SCALAR, value)

    (found,) = read(journal)["m"].plain()

    assert type(found) is type(value)
    assert bits(found) == bits(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (MetricKind.LIST, [1, 2.5, None, "a", True, []]),
        (MetricKind.ROW, {"a": 1, "b": {"c": [None, {"d": -0.0}]}}),
        (MetricKind.TABLE, {"x": [1, 2], "y": ["é", "\n"]}),
        (MetricKind.IMAGE, "plot_1.png"),
        (MetricKind.CONFUSION_MATRIX, "matrix.json"),
    ],
)
def test_a_nested_value_comes_back_with_its_kind(
    journal: JournalWriter, kind: MetricKind, value: Any
) -> None:
    journal.value("m", kind, value)

    found = read(journal)["m"]

    assert found.kind is kind
    assert found.plain() == [value]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans()), min_size=1)
)
def test_any_mix_of_values_comes_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any]
) -> None:
    journal = JournalWriter(tmp_path_factory.mktemp("journal"), 1, "run-1", "owner")
    for value in values:
        journal.value("m", SCALAR, value)

    found = read(journal)["m"].plain()
    journal.close()

    if all(type(value) is float or (type(value) is int and abs(value) < 2**63) for value in values):
        floats = any(type(value) is float for value in values)
        values = [float(value) if floats else value for value in values]  # Azure's rule for columns
    assert [bits(value) for value in found] == [bits(value) for value in values]


def test_steps_count_from_zero_and_go_on_after_an_explicit_one(journal: JournalWriter) -> None:
    for step in (None, None, 10, None, -3, None):
        journal.number("m", 1.0, step)
    journal.value("m", SCALAR, "text")

    assert read(journal)["m"].steps.tolist() == [0, 1, 10, 11, -3, -2, -1]


def test_each_metric_counts_its_own_steps(journal: JournalWriter) -> None:
    for name in ("a", "b", "a"):
        journal.number(name, 1.0)

    assert {name: one.steps.tolist() for name, one in read(journal).items()} == {
        "a": [0, 1],
        "b": [0],
    }


def test_a_resumed_run_goes_on_with_the_kind_and_step_it_had(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, 1, "run-1", "owner", {"m": (SCALAR, 7)})

    journal.number("m", 1.0)

    assert read(journal)["m"].steps.tolist() == [7]
    with pytest.raises(InvalidMetricError, match="'m' was logged as a scalar and cannot also be a"):
        journal.value("m", MetricKind.LIST, [1])


def test_a_metric_keeps_its_first_kind(journal: JournalWriter) -> None:
    journal.value("row", MetricKind.ROW, {"a": 1})
    journal.number("number", 1.0)

    with pytest.raises(InvalidMetricError, match="logged as a row and cannot also be a scalar"):
        journal.number("row", 1.0)
    with pytest.raises(InvalidMetricError, match="logged as a scalar and cannot also be a table"):
        journal.value("number", MetricKind.TABLE, {"a": [1]})
    assert {name: len(one) for name, one in read(journal).items()} == {"row": 1, "number": 1}


def test_a_metric_kind_known_from_before_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    journal = JournalWriter(tmp_path, 1, "run-1", "owner", {"m": (MetricKind.ROW, 1)})

    with pytest.raises(InvalidMetricError, match="logged as a row and cannot also be a scalar"):
        journal.number("m", 1.0)

    assert parts(tmp_path) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "a\nb", "nul\0", 5])
def test_a_bad_name_is_refused_and_nothing_is_written(journal: JournalWriter, name: Any) -> None:
    with pytest.raises(InvalidNameError, match="The name of a metric"):
        journal.number(name, 1.0)

    assert journal.written == 0


def test_one_metric_more_than_fits_is_refused(
    journal: JournalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_METRICS", 3)
    for name in "abc":
        journal.number(name, 1.0)

    with pytest.raises(InvalidMetricError, match="at most 3 metrics; 'd' is one too many"):
        journal.number("d", 1.0)
    journal.number("a", 2.0)

    assert {name: len(one) for name, one in read(journal).items()} == {"a": 2, "b": 1, "c": 1}


def test_every_number_of_a_metric_that_fits_two_bytes_is_read(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")
    for number in range(65_535):
        journal.number(f"m{number}", float(number))

    batch = JournalReader(journal.path).read()

    assert batch.bad == 0
    assert len(batch.series) == 65_535
    assert all(one.plain() == [float(one.name[1:])] for one in batch.series)
    with pytest.raises(InvalidMetricError, match="at most 65,535 metrics"):
        journal.number("one more", 1.0)


@pytest.mark.parametrize("step", [2**63, -(2**63) - 1, 10**30])
def test_a_step_of_more_than_64_bits_is_refused(journal: JournalWriter, step: int) -> None:
    journal.number("m", 1.0)

    for log in (
        lambda: journal.number("m", 1.0, step),
        lambda: journal.value("m", SCALAR, "text", step),
    ):
        with pytest.raises(
            InvalidMetricError, match=f"step of 'm' is an integer of 64 bits.*{step}"
        ):
            log()
    journal.number("m", 2.0)

    assert read(journal)["m"].steps.tolist() == [0, 1]


def test_the_step_after_the_greatest_one_is_refused(journal: JournalWriter) -> None:
    journal.number("m", 1.0, 2**63 - 1)

    with pytest.raises(InvalidMetricError, match="count from a smaller one"):
        journal.number("m", 1.0)
    journal.number("m", 1.0, 5)

    assert read(journal)["m"].steps.tolist() == [2**63 - 1, 5]


@pytest.mark.parametrize(
    "value", [10**5000, object(), {1, 2}], ids=["huge integer", "object", "set"]
)
def test_a_value_that_json_cannot_hold_is_refused(journal: JournalWriter, value: Any) -> None:
    with pytest.raises(InvalidMetricError, match="'m' cannot be kept as JSON"):
        journal.value("m", SCALAR, value)

    assert journal.written == 0


def test_a_closed_journal_takes_nothing_more(journal: JournalWriter) -> None:
    journal.number("m", 1.0)
    journal.close()
    journal.close()

    for log in (
        lambda: journal.number("m", 2.0),
        lambda: journal.number("new", 2.0),
        lambda: journal.value("m", SCALAR, "text"),
    ):
        with pytest.raises(RunFinishedError, match="The run has ended"):
            log()
    assert read(journal)["m"].plain() == [1.0]


def test_a_journal_without_points_makes_no_file(journal: JournalWriter, tmp_path: Path) -> None:
    journal.close()

    assert parts(tmp_path) == []


def test_a_journal_is_private(journal: JournalWriter) -> None:
    journal.number("m", 1.0)

    assert journal.path.stat().st_mode & 0o777 == 0o600


def test_a_journal_whose_folder_is_gone_says_which(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path / "gone", 1, "run-1", "owner")

    with pytest.raises(
        JournalError, match=r"gone/1-owner-0000\.journal cannot be written: No such"
    ):
        journal.number("m", 1.0)

    (tmp_path / "gone").mkdir()
    journal.number("m", 2.0)
    assert read(journal)["m"].plain() == [2.0]


def test_a_journal_never_writes_over_another(journal: JournalWriter) -> None:
    journal.path.write_bytes(b"mine")

    with pytest.raises(JournalError, match="File exists"):
        journal.number("m", 1.0)

    assert journal.path.read_bytes() == b"mine"


def test_a_full_part_is_followed_by_another_that_reads_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FIRST", 512)
    monkeypatch.setattr(journal_module, "PART", 4096)
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")
    for number in range(1000):
        journal.number("m", number)
        journal.value("t", SCALAR, f"text {number}")
    journal.close()

    assert len(parts(tmp_path)) > 10
    assert journal.part == len(parts(tmp_path)) - 1
    assert all_values(tmp_path, "m") == list(range(1000))
    assert all_values(tmp_path, "t") == [f"text {number}" for number in range(1000)]
    assert all(path.stat().st_size <= 4096 for path in parts(tmp_path))


def test_a_value_longer_than_a_part_has_a_part_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FIRST", 512)
    monkeypatch.setattr(journal_module, "PART", 4096)
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")
    values = ["before", "x" * 10_000, "between", "y" * 20_000, "after"]

    for value in values:
        journal.value("m", SCALAR, value)

    assert all_values(tmp_path, "m") == values
    assert len(parts(tmp_path)) <= len(values)


def test_names_longer_than_a_part_do_not_hinder_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FIRST", 512)
    monkeypatch.setattr(journal_module, "PART", 2048)
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")

    for round_ in range(3):
        for number in range(40):
            journal.number(f"m{number}" + "n" * 100, round_)

    for number in range(40):
        assert all_values(tmp_path, f"m{number}" + "n" * 100) == [0, 1, 2]


def test_threads_that_log_at_once_lose_nothing(journal: JournalWriter) -> None:
    start = threading.Barrier(4)

    def log(name: str) -> None:
        start.wait()
        for number in range(5000):
            journal.number(name, number)
            journal.number("shared", float(number))
            if number % 50 == 0:
                journal.value(f"{name}-text", SCALAR, f"{number}")

    threads = [threading.Thread(target=log, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = read(journal)
    for number in range(4):
        assert found[f"t{number}"].plain() == list(range(5000))
        assert len(found[f"t{number}-text"]) == 100
    assert found["shared"].steps.tolist() == list(range(20_000))
    assert sum(found["shared"].plain()) == 4 * sum(range(5000))


def test_times_are_those_of_the_clock(
    journal: JournalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in (1000.25, 900.5, 1e9 + 1e-6):
        monkeypatch.setattr(journal_module, "time", lambda moment=moment: moment)
        journal.number("m", 1.0)

    assert read(journal)["m"].times.tolist() == [1000.25, 900.5, 1e9 + 1e-6]
