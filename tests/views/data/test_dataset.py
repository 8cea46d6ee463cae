"""What screens are told of datasets: strict JSON, whatever is in the data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import (
    ColumnNotFoundError,
    DatasetNotFoundError,
    InvalidFilterError,
    UsageError,
)
from aml_magics.records.data.dataset import DatasetRecord, Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.run import run
from aml_magics.views.data.dataset import dataset_view
from aml_magics.views.data.datasets import datasets_view
from aml_magics.views.data.output import DATASET, dataset_output, small_dataset
from aml_magics.views.screen.registry import answer
from aml_magics.views.static.output import MOST_BYTES
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store


def parquet(path: Path, **columns: Any) -> Definition:
    pq.write_table(pa.table(columns), path)
    return Definition("tabular", (Location(str(path)),), "parquet")


@pytest.fixture
def people(sqlite_store: Store, tmp_path: Path) -> DatasetRecord:
    table = {"age": [41, 20, None, 65], "name": ["Ada", "Bo", "Cy", "Di"]}
    definition = parquet(tmp_path / "people.parquet", **table)
    return dataset.register(sqlite_store, definition, "people", tags={"team": "x"})


def asked(store: Store, kind: str, **question: object) -> Any:
    return json.loads(json.dumps(answer(store, kind, question), allow_nan=False))


def test_a_dataset_is_told_with_its_rows_columns_versions_and_uses(
    sqlite_store: Store, people: DatasetRecord
) -> None:
    started = run.start(sqlite_store, "digits", name="first")
    dataset.use(sqlite_store, started, people, role="input", name="train", mechanism="Direct")
    view = asked(sqlite_store, "dataset", dataset="people")

    assert (view["name"], view["version"], view["rows"], view["has_profile"]) == (
        "people",
        1,
        4,
        True,
    )
    assert [(one["name"], one["type"], one["missing"]) for one in view["columns"]] == [
        ("age", "integer", 1),
        ("name", "string", 0),
    ]
    assert view["head"] == {
        "columns": ["age", "name"],
        "rows": [[41, "Ada"], [20, "Bo"], [None, "Cy"], [65, "Di"]],
        "count": 4,
    }
    assert [one["rows"] for one in view["versions"]] == [4]
    assert [(one["run_name"], one["role"], one["name"]) for one in view["uses"]] == [
        ("first", "input", "train")
    ]
    assert (view["tags"], view["problem"], view["notices"]) == ({"team": "x"}, "", [])
    assert asked(sqlite_store, "dataset", dataset=people.id)["id"] == people.id
    assert asked(sqlite_store, "dataset", dataset="people", version=1)["version"] == 1


def test_pages_are_sorted_and_filtered(sqlite_store: Store, people: DatasetRecord) -> None:
    page = asked(
        sqlite_store, "dataset_rows", dataset=people.id, sort="age", descending=True, limit=2
    )
    old = asked(sqlite_store, "dataset_rows", dataset=people.id, filter="age > 40 and name != 'Di'")
    last = asked(sqlite_store, "dataset_rows", dataset=people.id, offset=3, limit=10)

    assert (page["rows"], page["count"]) == ([[65, "Di"], [41, "Ada"]], 4)
    assert (old["rows"], old["count"]) == ([[41, "Ada"]], 1)
    assert (last["rows"], last["offset"], last["count"]) == ([[65, "Di"]], 3, 4)


def test_rows_are_counted_anew_where_the_files_changed(
    sqlite_store: Store, people: DatasetRecord, tmp_path: Path
) -> None:
    parquet(tmp_path / "people.parquet", age=list(range(300)), name=["x"] * 300)
    grown = asked(sqlite_store, "dataset_rows", dataset=people.id, limit=2)
    parquet(tmp_path / "people.parquet", age=[1, 2], name=["Ada", "Bo"])
    shrunk = asked(sqlite_store, "dataset_rows", dataset=people.id, offset=3, limit=10)

    assert (len(grown["rows"]), grown["count"]) == (2, 300)
    assert (shrunk["rows"], shrunk["count"]) == ([], 2)


def test_a_page_that_is_not_full_says_that_there_are_no_more(
    sqlite_store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("a\n1\n2\n3\n", encoding="utf-8")
    few = Definition("tabular", (Location(str(path)),), "delimited")
    kept = dataset.register(sqlite_store, few, "few")
    path.write_text("a\n1\n2345", encoding="utf-8")
    page = asked(sqlite_store, "dataset_rows", dataset=kept.id)

    assert (page["rows"], page["count"]) == ([[1], [2345]], 2)


def test_a_bad_question_is_refused(sqlite_store: Store, people: DatasetRecord) -> None:
    with pytest.raises(
        ColumnNotFoundError, match=r"no column 'agee' to sort by\. Did you mean 'age'"
    ):
        asked(sqlite_store, "dataset_rows", dataset=people.id, sort="agee")
    with pytest.raises(InvalidFilterError, match="nothing"):
        asked(sqlite_store, "dataset_rows", dataset=people.id, filter="nothing = 1")
    with pytest.raises(UsageError, match="'limit' is a whole number between 1 and 1,000"):
        asked(sqlite_store, "dataset_rows", dataset=people.id, limit=10_000)
    with pytest.raises(UsageError, match="'exact' is true or false, not 'perhaps'"):
        asked(sqlite_store, "dataset_profile", dataset=people.id, exact="perhaps")
    with pytest.raises(DatasetNotFoundError, match="Did you mean 'people'"):
        asked(sqlite_store, "dataset", dataset="peopel")
    with pytest.raises(DatasetNotFoundError, match="No dataset with id"):
        asked(sqlite_store, "dataset", dataset="0" * 8 + "-0000-0000-0000-" + "0" * 12)


def test_a_profile_is_made_when_it_is_asked_for(sqlite_store: Store, people: DatasetRecord) -> None:
    saved = dataset.save(
        sqlite_store, replace(people.definition, steps=({"transform": "take", "count": 2},))
    )
    before = asked(sqlite_store, "dataset", dataset=saved.id)
    made = asked(sqlite_store, "dataset_profile", dataset=saved.id, exact=True)
    after = asked(sqlite_store, "dataset", dataset=saved.id)

    assert (before["has_profile"], before["rows"], before["columns"][0]["count"]) == (
        False,
        None,
        None,
    )
    assert before["notices"] == [
        "It has no profile yet; dataset.get_profile() reads all rows and keeps one."
    ]
    assert before["steps"] == ["first 2"]
    assert (made["rows"], made["columns"][0]["count"]) == (2, 2)
    assert (after["has_profile"], after["rows"]) == (True, 2)


def test_versions_are_compared(sqlite_store: Store, people: DatasetRecord, tmp_path: Path) -> None:
    definition = parquet(tmp_path / "new.parquet", age=[41, None, None], city=["x", "y", "z"])
    other = dataset.register(sqlite_store, definition, "people", create_new_version=True)
    found = asked(sqlite_store, "dataset_diff", dataset=people.id, other=other.id)

    assert (found["before"], found["after"], found["rows_before"], found["rows_after"]) == (
        1,
        2,
        4,
        3,
    )
    by_name = {one["name"]: one for one in found["columns"]}
    assert "missing 25 % → 67 %" in by_name["age"]["changes"]
    assert by_name["city"]["changes"] == ["new column"]
    assert by_name["name"]["after"] is None


def test_data_that_is_away_leaves_what_was_kept(
    sqlite_store: Store, people: DatasetRecord, tmp_path: Path
) -> None:
    (tmp_path / "people.parquet").unlink()
    view = asked(sqlite_store, "dataset", dataset="people")

    assert "people.parquet" in view["problem"]
    assert (view["rows"], view["head"]["rows"], view["has_profile"]) == (4, [], True)
    assert [one["name"] for one in view["columns"]] == ["age", "name"]
    assert len(view["versions"]) == 1


def test_files_that_changed_are_told(
    sqlite_store: Store, people: DatasetRecord, tmp_path: Path
) -> None:
    parquet(tmp_path / "people.parquet", age=["now", "text"])
    view = dataset_view(sqlite_store, people)

    assert view.notices[0].startswith(
        "1 file changed since this version was registered: people.parquet"
    )
    assert [(one.name, one.type, one.count) for one in view.columns] == [("age", "string", None)]


def test_cells_of_any_type_are_strict_json(sqlite_store: Store, tmp_path: Path) -> None:
    definition = parquet(
        tmp_path / "odd.parquet",
        real=pa.array([float("nan"), float("inf"), -0.0]),
        huge=pa.array([2**63 - 1, -(2**63), 1]),
        text=pa.array(["x" * 1_000, "\0", ""]),
        raw=pa.array([b"\x80\x04.", b"", None]),
        nested=pa.array([[1, 2], list(range(500)), None]),
        struct=pa.array([{"a": b"xy", "b": [{"c": 1}]}, None, None]),
        moment=pa.array([0, 1, None], pa.timestamp("us")),
        far=pa.array([10**17, 1, None], pa.timestamp("us")),
        money=pa.array(["1.10", "2.20", None]).cast(pa.decimal128(38, 2)),
        flag=pa.array([True, None, False]),
    )
    view = to_data(dataset_view(sqlite_store, dataset.register(sqlite_store, definition, "odd")))
    json.dumps(view, allow_nan=False)
    first = dict(zip(view["head"]["columns"], view["head"]["rows"][0], strict=True))

    assert view["problem"] == ""
    assert [row[0] for row in view["head"]["rows"]] == ["NaN", "Infinity", -0.0]
    assert first["huge"] == str(2**63 - 1)
    assert (len(first["text"]), first["text"][-1]) == (300, "…")
    assert first["raw"] == "<3 bytes>"
    assert first["nested"] == "[1, 2]"
    assert first["struct"] == '{"a": "<2 bytes>", "b": [{"c": 1}]}'
    assert first["moment"] == "1970-01-01T00:00:00"
    assert first["far"].startswith("5138-11-16")
    assert first["money"] == 1.1
    columns = {one["name"]: one for one in view["columns"]}
    assert columns["huge"]["high"] == str(2**63 - 1)
    assert columns["real"]["high"] == "Infinity"
    assert columns["nested"]["distinct"] is None


def test_of_a_wide_table_the_first_columns_are_shown(sqlite_store: Store, tmp_path: Path) -> None:
    definition = parquet(
        tmp_path / "wide.parquet", **{f"c{place}": [place] for place in range(250)}
    )
    view = dataset_view(sqlite_store, dataset.register(sqlite_store, definition, "wide"))

    assert (len(view.columns), len(view.head.columns), len(view.head.rows[0])) == (200, 200, 200)
    assert "The first 200 of 250 columns are shown." in view.notices


def test_a_profile_of_a_wide_table_says_what_it_leaves_out_and_has_what_is_asked_for(
    sqlite_store: Store, tmp_path: Path
) -> None:
    columns = {f"c{place}": [place] for place in range(250)}
    record = dataset.save(sqlite_store, parquet(tmp_path / "w.parquet", **columns))
    some = asked(sqlite_store, "dataset_profile", dataset=record.id, columns=["c240"])
    whole = asked(sqlite_store, "dataset_profile", dataset=record.id)
    kept = asked(sqlite_store, "dataset_profile", dataset=record.id, columns=["c240"])

    assert ([one["name"] for one in some["columns"]], some["is_whole"]) == (["c240"], False)
    assert len(whole["columns"]) == len(kept["columns"]) == 200
    assert whole["notices"][-1:] == ["The first 200 of 250 columns are shown."]
    assert kept["columns"][0] == some["columns"][0]


def test_a_file_dataset_is_told_with_its_paths_and_sizes(
    sqlite_store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.bin").write_bytes(b"x" * number)
    record = dataset.register(sqlite_store, Definition("file", (Location(str(folder)),)), "files")
    view = dataset_view(sqlite_store, record)

    assert (view.kind, view.files, view.rows, view.columns) == ("file", 120, None, ())
    assert view.paths[:2] == ("000.bin (0 B)", "001.bin (1 B)")
    assert view.notices == ("The first 100 of 120 files are shown.",)


def test_datasets_and_datastores_are_listed(sqlite_store: Store, people: DatasetRecord) -> None:
    view = asked(sqlite_store, "datasets")

    assert [(one["name"], one["version"], one["rows"], one["columns"]) for one in view["rows"]] == [
        ("people", 1, 4, 2)
    ]
    assert [one["name"] for one in view["datastores"] if one["is_default"]] == [
        "workspaceblobstore"
    ]


def test_addresses_of_datastores_have_no_credential(sqlite_store: Store) -> None:
    secret = "c2VjcmV0c2VjcmV0c2VjcmV0"
    blob = {"account_name": "acc", "container_name": "box"}
    datastore.register(sqlite_store, "blob", "azure_blob", blob, {"account_key": secret})
    sql = {"server_name": "s", "database_name": "d", "user_id": "u"}
    datastore.register(sqlite_store, "pg", "azure_postgre_sql", sql, {"user_password": secret})
    datastore.register(sqlite_store, "url", "url", {"url": f"sftp://u:{secret}@host/x"})
    rows = {one.name: one for one in datasets_view(sqlite_store).datastores}

    assert "box" in rows["blob"].address
    assert "s.postgres" in rows["pg"].address
    assert "host/x" in rows["url"].address
    assert secret not in str(to_data(datasets_view(sqlite_store)))


def test_an_output_keeps_little(sqlite_store: Store, tmp_path: Path) -> None:
    wide = {f"column {place} {'x' * 80}": ["y" * 900] * 150 for place in range(150)}
    record = dataset.register(sqlite_store, parquet(tmp_path / "w.parquet", **wide), "wide")
    view = dataset_view(sqlite_store, record)
    output = dataset_output("test", view)
    small = small_dataset(view)

    assert list(output.bundle()) == [DATASET, "text/html", "text/plain"]
    assert len(output.payload()[DATASET]["view"]) <= MOST_BYTES + 2_000
    assert small.notices[0].startswith("This file keeps the first")
    assert output.snapshot["workspace"] == "test"
    assert len(output.html) < 60_000


def test_a_dataset_that_is_not_kept_can_be_shown(sqlite_store: Store, tmp_path: Path) -> None:
    definition = parquet(tmp_path / "a.parquet", x=[1])
    view = dataset_view(sqlite_store, DatasetRecord("", definition, "", 0, 0, 0.0))

    assert (view.id, view.head.rows) == ("", ((1,),))


def test_a_query_is_told_as_it_is_asked(sqlite_store: Store) -> None:
    settings = {
        "server_name": "127.0.0.1",
        "database_name": "d",
        "user_id": "u",
        "port_number": "9",
    }
    datastore.register(sqlite_store, "pg", "azure_postgre_sql", settings, {"user_password": "p"})
    query = Definition("tabular", (Location("", "pg"),), "sql_query", {"query": "SELECT 1"})
    view = dataset_view(sqlite_store, dataset.register(sqlite_store, query, "sums"))

    assert view.sources == ("pg: SELECT 1",)
    assert view.problem.startswith("Datastore 'pg' does not answer")
