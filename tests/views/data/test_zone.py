"""Timestamps with a time zone, wherever they are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.records.data.dataset import DatasetRecord, Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.profile.profile import ensure
from aml_magics.views.data.dataset import dataset_view
from aml_magics.views.data.output import dataset_output
from aml_magics.views.data.static_column import data_profile_page
from aml_magics.views.screen.registry import answer

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store
    from aml_magics.views.data.dataset import DatasetView

MOMENTS = [datetime(2024, 3, 31, 2, 30, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), None]


@pytest.fixture
def calls(sqlite_store: Store, tmp_path: Path) -> DatasetRecord:
    zones = {"paris": "Europe/Paris", "utc": "UTC", "india": "+05:30", "nowhere": "No/Where"}
    table: dict[str, Any] = {
        name: pa.array(MOMENTS, pa.timestamp("us", tz=zone)) for name, zone in zones.items()
    }
    plain = [one and one.replace(tzinfo=None) for one in MOMENTS]
    pq.write_table(pa.table({**table, "plain": plain}), tmp_path / "calls.parquet")
    definition = Definition("tabular", (Location(str(tmp_path / "calls.parquet")),), "parquet")
    return dataset.register(sqlite_store, definition, "calls")


def test_a_timestamp_is_told_in_its_zone_in_rows_and_profile(
    sqlite_store: Store, calls: DatasetRecord
) -> None:
    view = dataset_view(sqlite_store, calls)
    page = answer(sqlite_store, "dataset_rows", {"dataset": calls.id, "sort": "paris"})
    columns = {one.name: one for one in view.columns}

    assert view.head.rows[0] == (
        "2024-03-31T04:30:00+02:00",
        "2024-03-31T02:30:00+00:00",
        "2024-03-31T08:00:00+05:30",
        "2024-03-31T02:30:00+00:00",
        "2024-03-31T02:30:00",
    )
    assert page["rows"][0][0] == "2024-01-01T01:00:00+01:00"
    assert [one.zone for one in view.columns] == ["Europe/Paris", "UTC", "+05:30", "UTC", ""]
    assert (columns["paris"].low, columns["paris"].high) == (
        "2024-01-01T01:00:00+01:00",
        "2024-03-31T04:30:00+02:00",
    )
    assert columns["plain"].low == "2024-01-01T00:00:00"


def test_the_zone_is_said_in_html_and_in_text(sqlite_store: Store, calls: DatasetRecord) -> None:
    steps = ({"transform": "keep_columns", "columns": ["paris"]},)
    one = dataset.save(
        sqlite_store, Definition("tabular", calls.definition.locations, "parquet", steps=steps)
    )
    bundle = dataset_output("test", dataset_view(sqlite_store, one)).bundle()
    told = data_profile_page(ensure(sqlite_store, calls))

    for text in (bundle["text/html"], bundle["text/plain"]):
        assert "2024-03-31 04:30:00+02:00 Europe/Paris" in text
        assert "timestamp[Europe/Paris]" in text
    assert "2024-03-31 04:30:00+02:00 Europe/Paris" in str(told)


def test_a_renamed_column_keeps_its_zone(sqlite_store: Store, calls: DatasetRecord) -> None:
    steps = ({"transform": "rename_columns", "names": {"paris": "call"}},)
    renamed = Definition("tabular", calls.definition.locations, "parquet", steps=steps)
    view = dataset_view(sqlite_store, dataset.save(sqlite_store, renamed))

    assert (view.columns[0].name, view.columns[0].zone) == ("call", "Europe/Paris")
    assert view.head.rows[0][0] == "2024-03-31T04:30:00+02:00"


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("paris >= '2024-03-31T04:30'", 1),
        ("paris > '2024-03-31T04:30'", 0),
        ("paris = 2024-01-01T01:00", 1),
        ("paris = 2024-01-01T00:00Z", 1),
        ("paris = '2024-01-01T01:00+01:00'", 1),
        ("paris in (2024-01-01T01:00, '2024-03-31T02:30Z')", 2),
        ("not paris > 2024-01-01 and india > 2024-01-01T05:29", 0),
        ("india = 2024-01-01T05:30 or utc = 2024-03-31T02:30", 2),
        ("nowhere = 2024-01-01", 1),
        ("plain = 2024-01-01", 1),
        ("plain = '2024-01-01T02:00+02:00'", 1),
    ],
)
def test_a_typed_time_without_an_offset_is_that_which_the_column_shows(
    sqlite_store: Store, calls: DatasetRecord, condition: str, rows: int
) -> None:
    page = answer(sqlite_store, "dataset_rows", {"dataset": calls.id, "filter": condition})

    assert page["count"] == rows


def csv_view(store: Store, folder: Path, *texts: str) -> DatasetView:
    (folder / "calls.csv").write_text("at\n" + "\n".join(texts) + "\n")
    location = (Location(str(folder / "calls.csv")),)
    return dataset_view(store, dataset.save(store, Definition("tabular", location, "delimited")))


@pytest.mark.parametrize(
    ("texts", "zone", "shown"),
    [
        (["2024-05-13T02:00:00+02:00", "2024-12-01T00:00:00.5+0200"], "+02:00", "2024-05-13T02:00:00+02:00"),
        (["2024-05-13 02:00-03", "2024-12-01 02:00 -0300"], "-03:00", "2024-05-13T02:00:00-03:00"),
        (["2024-05-13T02:00:00+02:00", "2024-12-01T00:00:00+01:00"], "UTC", "2024-05-13T00:00:00+00:00"),
        (["2024-05-13T02:00:00+02:00", "2024-12-01"], "UTC", "2024-05-13T00:00:00+00:00"),
        (["2024-05-13T02:00:00Z", "2024-12-01T00:00:00Z"], "UTC", "2024-05-13T02:00:00+00:00"),
        (["2024-05-13T02:00:00+00:00"], "UTC", "2024-05-13T02:00:00+00:00"),
        (["2024-05-13T02:00:00"], "", "2024-05-13T02:00:00"),
    ],
)  # fmt: skip
def test_offsets_of_a_csv_file_are_kept_or_utc_is_said(
    sqlite_store: Store, tmp_path: Path, texts: list[str], zone: str, shown: str
) -> None:
    view = csv_view(sqlite_store, tmp_path, *texts)

    assert (view.columns[0].type, view.columns[0].zone) == ("datetime", zone)
    assert view.head.rows[0] == (shown,)


def test_a_step_with_a_time_in_utc_says_so(sqlite_store: Store, calls: DatasetRecord) -> None:
    moment = {"op": "moment", "value": "2024-01-01T00:00"}
    condition = {"op": "ge", "args": [{"op": "column", "name": "paris"}, moment]}
    steps = (
        {"transform": "filter", "expression": condition},
        {"transform": "between", "column": "india", "start": "2024-01-01", "end": None},
        {"transform": "between", "column": "plain", "start": "2024-01-01", "end": None},
    )
    kept = Definition("tabular", calls.definition.locations, "parquet", steps=steps)
    view = dataset_view(sqlite_store, dataset.save(sqlite_store, kept))

    assert view.steps == (
        "where paris >= '2024-01-01T00:00' UTC",
        "india from 2024-01-01 UTC",
        "plain from 2024-01-01",
    )
