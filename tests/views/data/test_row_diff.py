"""The rows that differ between two versions, cell by cell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import ColumnNotFoundError, UsageError
from aml_magics.records.data.dataset import DatasetRecord, Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.table import row_diff
from aml_magics.views.screen.registry import answer

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

HOSTILE = [
    'a"); DROP TABLE row_diff; --',
    "b0",
    "an",
    "it's",
    "?",
    "$1",
    '"',
    "row_diff",
    "<img src=x>",
    "{}",
]


@pytest.fixture
def versions(sqlite_store: Store, tmp_path: Path) -> Any:
    """Registers tables as versions of one dataset."""

    def registered(*tables: dict[str, Any]) -> list[DatasetRecord]:
        found = []
        for number, table in enumerate(tables):
            path = tmp_path / f"version {number}.parquet"
            pq.write_table(pa.table(table), path)
            definition = Definition("tabular", (Location(str(path)),), "parquet")
            made = dataset.register(sqlite_store, definition, "people", create_new_version=True)
            found.append(made)
        return found

    return registered


def asked(
    store: Store, before: DatasetRecord, after: DatasetRecord, **question: object
) -> dict[str, Any]:
    whole = {"dataset": before.id, "other": after.id, **question}
    found: dict[str, Any] = json.loads(
        json.dumps(answer(store, "dataset_row_diff", whole), allow_nan=False)
    )
    return found


def test_rows_are_found_again_by_a_guessed_key_and_compared_cell_by_cell(
    sqlite_store: Store, versions: Any
) -> None:
    old = {
        "name": ["Ada", "Bo", "Cy", "Di", None],
        "id": [1, 2, 3, 4, 5],
        "age": [40, 20, None, 65, 1],
    }
    new = {
        "name": ["Bo", "Ada", "Cyd", "Ed", None],
        "id": [2, 1, 3, 6, 5],
        "age": [21, 40, 7, 30, 1],
    }
    found = asked(sqlite_store, *versions(old, new))

    assert (found["before"], found["after"], found["key"], found["problem"]) == (1, 2, ["id"], "")
    counted = ("rows_before", "rows_after", "added", "removed", "changed", "count")
    assert [found[one] for one in counted] == [5, 5, 1, 1, 2, 4]
    assert [(one["name"], one["changes"]) for one in found["columns"]] == [
        ("id", 0),
        ("name", 1),
        ("age", 2),
    ]
    assert [list(row.values()) for row in found["rows"]] == [
        ["changed", 2, 1, [2, "Bo", 21], [2], [20]],
        ["changed", 3, 3, [3, "Cyd", 7], [1, 2], ["Cy", None]],
        ["added", None, 4, [6, "Ed", 30], [], []],
        ["removed", 4, None, [4, "Di", 65], [], []],
    ]


def test_pages_and_states_are_asked_for(sqlite_store: Store, versions: Any) -> None:
    both = versions(
        {"id": list(range(100)), "x": [0] * 100}, {"id": list(range(50, 150)), "x": [1] * 100}
    )
    page = asked(sqlite_store, *both, show="changed", offset=10, limit=5)
    removed = asked(sqlite_store, *both, show="removed", limit=3)

    assert (page["count"], page["changed"], page["added"], page["removed"]) == (50, 50, 50, 50)
    assert [row["cells"][0] for row in page["rows"]] == [60, 61, 62, 63, 64]
    assert [row["row_before"] for row in removed["rows"]] == [1, 2, 3]


def test_without_a_key_candidates_are_offered(sqlite_store: Store, versions: Any) -> None:
    table = {"city": ["A", "A", "B"], "day": [1, 2, 1], "x": [1.5, 2.5, 3.5]}
    both = versions(table, {**table, "x": [1.5, 2.5, 9.0]})
    none = asked(sqlite_store, *both)
    single = asked(sqlite_store, *both, key=["city"])
    pair = asked(sqlite_store, *both, key=["city", "day"])

    assert none["problem"].startswith("No column that both have names each row once")
    assert (none["key"], none["candidates"], none["rows"]) == ([], ["city", "day"], [])
    assert "1 of 3 rows of the first dataset repeat a value of 'city'" in single["problem"]
    assert (pair["problem"], pair["changed"], pair["columns"][2]["name"]) == ("", 1, "x")
    with pytest.raises(
        ColumnNotFoundError, match=r"no column 'citi' in both.* Did you mean 'city'"
    ):
        asked(sqlite_store, *both, key=["citi"])
    with pytest.raises(UsageError, match="'show' is 'added' or 'removed' or 'changed'"):
        asked(sqlite_store, *both, show="all")


def test_a_key_with_gaps_names_no_row(sqlite_store: Store, versions: Any) -> None:
    both = versions({"id": [1, None], "x": [1, 2]}, {"id": [1, 2], "x": [1, 2]})

    assert (
        "1 of 2 rows of the first dataset have no value in 'id'"
        in asked(sqlite_store, *both, key=["id"])["problem"]
    )
    assert asked(sqlite_store, *both)["key"] == ["x"]


def test_columns_that_come_go_or_change_their_type_are_no_error(
    sqlite_store: Store, versions: Any
) -> None:
    moment = [datetime(2024, 3, 31, 2, 30, tzinfo=UTC), None]
    old = {
        "id": [1, 2],
        "x": [1, 2],
        "mixed": [1, 2],
        "gone": ["a", "b"],
        "nested": [{"a": 1}, {"a": 2}],
        "real": [float("nan"), 0.5],
        "when": pa.array(moment, pa.timestamp("us", tz="Europe/Paris")),
    }
    new = {
        "id": [1, 2],
        "x": [1.0, 2.5],
        "mixed": ["1", "two"],
        "come": [True, False],
        "nested": [{"a": 1, "b": 1}, {"a": 2, "b": None}],
        "real": [float("nan"), 0.5],
        "when": pa.array([moment[0], moment[0]], pa.timestamp("us", tz="Europe/Paris")),
    }
    found = asked(sqlite_store, *versions(old, new))
    columns = {one["name"]: one for one in found["columns"]}
    second = next(row for row in found["rows"] if row["cells"][0] == 2)
    names = [one["name"] for one in found["columns"]]
    before = dict(zip((names[at] for at in second["changed"]), second["before"], strict=True))

    assert {name: one["changes"] for name, one in columns.items()} == {
        "id": 0,
        "x": 1,
        "mixed": 1,
        "nested": 2,
        "real": 0,
        "when": 1,
        "gone": 0,
        "come": 0,
    }
    assert (columns["gone"]["after"], columns["come"]["before"]) == ("", "")
    assert (before["x"], before["mixed"], before["when"]) == (2, 2, None)
    assert second["cells"][names.index("when")] == "2024-03-31T04:30:00+02:00"
    assert columns["when"]["zone"] == "Europe/Paris"


def test_names_and_values_are_never_code(sqlite_store: Store, versions: Any) -> None:
    old = {"key '); --": ["'; DROP TABLE row_diff; --", "b"], **{name: [1, 2] for name in HOSTILE}}
    new = {**old, **{name: [1, 3] for name in HOSTILE}}
    found = asked(sqlite_store, *versions(old, new), key=["key '); --"])

    assert (found["changed"], found["added"], found["removed"]) == (1, 0, 0)
    assert {one["name"]: one["changes"] for one in found["columns"][1:]} == dict.fromkeys(
        HOSTILE, 1
    )
    pair = asked(sqlite_store, *versions(old, new), key=["key '); --", HOSTILE[0]])
    assert (pair["added"], pair["removed"], pair["changed"]) == (1, 1, 0)
    with pytest.raises(ColumnNotFoundError):
        asked(sqlite_store, *versions(old, new), key=['id" FROM x; DROP TABLE y; --'])


def test_of_very_many_columns_the_changed_ones_are_shown(
    sqlite_store: Store, versions: Any
) -> None:
    old = {"id": [1, 2], **{f"c{at}": [at, at] for at in range(350)}}
    new = {**old, "c280": [280, 0], "c340": [0, 0]}
    found = asked(sqlite_store, *versions(old, new))

    assert [(one["name"], one["changes"]) for one in found["columns"][:3]] == [
        ("id", 0),
        ("c280", 1),
        ("c0", 0),
    ]
    assert len(found["columns"]) == 200
    assert found["notices"][0].startswith(
        "The first 300 columns are compared; 50 more columns are not"
    )


def test_the_same_rows_in_another_order_do_not_differ(sqlite_store: Store, versions: Any) -> None:
    found = asked(sqlite_store, *versions({"id": [1, 2], "x": [1, 2]}, {"id": [2, 1], "x": [2, 1]}))

    assert (found["count"], found["rows"], found["rows_after"]) == (0, [], 2)


def test_pages_are_of_one_join_until_a_file_or_the_key_changes(
    sqlite_store: Store, versions: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joins: list[tuple[str, ...]] = []
    join = row_diff._Comparison._joined

    def counted(self: Any, key: tuple[str, ...], candidates: tuple[str, ...]) -> Any:
        joins.append(key)
        return join(self, key, candidates)

    monkeypatch.setattr(row_diff._Comparison, "_joined", counted)
    numbers = list(range(50))
    old = {"id": numbers, "other": [-one for one in numbers], "x": numbers}
    before, after = versions(old, {**old, "x": [one + 1 for one in numbers]})
    pages = [asked(sqlite_store, before, after, offset=at, limit=20) for at in (0, 20, 40)]
    assert [len(page["rows"]) for page in pages] == [20, 20, 10]
    assert asked(sqlite_store, before, after, key=["id"], show="added")["count"] == 0
    assert joins == [("id",)]
    assert asked(sqlite_store, before, after, key=["other"], limit=1)["changed"] == 50
    assert asked(sqlite_store, before, after, key=["id"], limit=1)["changed"] == 50
    assert joins == [("id",), ("other",), ("id",)]
    pq.write_table(pa.table({**old, "x": [*numbers[:-1], 99]}), tmp_path / "version 1.parquet")

    assert asked(sqlite_store, before, after, key=["id"])["changed"] == 1
    assert len(joins) == 4
