"""Tables of very many columns: read some columns at a time, with the same rows as at once."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import DataAccessError, InvalidDataError
from aml_magics.services.data.table import table as tabular
from aml_magics.services.filter.rows import read_row_filter

TEXT = "n,t,x,d,e,b,z,m\n" + "".join(
    f"{n},t{n},{'' if n % 5 else n / 8},2024-05-{n % 28 + 1:02},{n % 28 + 1:02}.05.2024,{'true' if n % 2 else 'false'},"
    f"2024-05-01T12:00:00+0{n % 3}:00,{n * 3}\n"
    for n in range(300)
)
LATE = ["x.y", "oops", "1_000"]
FAULTS = TEXT + "".join(f"{bad},,{bad},{bad},{bad},{bad},{bad},\n" for bad in LATE)
CASES = {
    "of one file": (TEXT, {}),
    "with empty texts": (TEXT, {"empty_as_string": True}),
    "with values that do not fit": (FAULTS, {"types": {"n": "integer", "x": "decimal"}}),
    "of files with different headers": (
        {"a.csv": "a,b\n1,2\n3,4\n", "b.csv": "b,c\n5,x\n"},
        {"header": "all_files_different", "include_path": True},
    ),
    "of texts alone": (TEXT, {"infer_types": False}),
    "without rows": ("a,b,c\n", {"types": {"a": "integer", "c": "datetime"}}),
}


@pytest.fixture
def wide(monkeypatch):
    """Makes each table with more than two columns a wide one, of which two are read at a time."""

    def set_(*, is_wide=True):
        monkeypatch.setattr(tabular, "WIDE", 2 if is_wide else 1_000)

    return set_


@pytest.mark.parametrize("case", CASES)
def test_a_wide_table_is_read_as_any_other(opened, wide, case):
    files, options = CASES[case]
    found = []
    for is_wide in (False, True):
        wide(is_wide=is_wide)
        with opened(files, **options) as table:
            frame = table.to_pandas()
            found.append((table.to_arrow(), frame, table.faults(), table.notices))
    (whole, frame, faults, notices), (parts, frame_of_parts, *others) = found
    assert parts.equals(whole)
    assert frame_of_parts.equals(frame)
    assert others == [faults, notices]


def test_what_is_computed_of_a_wide_table_is_read_in_parts(opened, wide):
    over = {"op": "gt", "args": [{"op": "column", "name": "m"}, {"op": "value", "value": 30}]}
    steps = (
        {"transform": "convert", "types": {"n": "string", "x": "integer"}},
        {"transform": "split", "low": 0.2, "high": 0.8, "seed": 3},
        {"transform": "filter", "expression": over},
    )
    found = []
    for is_wide in (False, True):
        wide(is_wide=is_wide)
        with opened(FAULTS, steps=steps) as table:
            found.append((table.to_arrow(), table.faults()))
    assert found[0][0].equals(found[1][0])
    assert found[0][1] == found[1][1]
    assert found[0][0].num_rows > 100


def test_of_a_wide_table_that_is_paged_some_columns_are_asked_for(opened):
    with opened(TEXT) as table:
        few, parameters, columns = table.narrowed(slice(2))
        assert '"1" AS "t"' in few
        assert '"2"' not in few
        assert table.connection.execute(few, parameters).fetchall()[:1] == [(0, "t0")]
        assert [one.name for one in columns] == ["n", "t"]

        expression = read_row_filter("m > 30 and b = true", table.columns)
        asked = (1, 5, "d", True, expression)
        whole = table.page(*asked)
        assert table.page(*asked, slice(1, 3)).equals(whole.select(["t", "x"]))
        assert table.page(2, 3, columns=slice(1)).column_names == ["n"]
        assert table.count(expression) == 145


def test_values_that_do_not_fit_fail_a_wide_table_too(opened, wide):
    wide()
    with (
        opened(FAULTS, types={"n": "integer"}) as table,
        pytest.raises(InvalidDataError, match="3 values of column 'n' are no integer"),
    ):
        table.to_pandas("fail")


def test_a_wide_file_that_is_written_meanwhile_is_told(opened, wide, monkeypatch, tmp_path):
    wide()
    path = tmp_path / "rows" / "a.parquet"
    with opened({"a.parquet": parquet(3)}, "parquet") as table:
        arrow = table._session.arrow

        def writing(query):
            found = arrow(query)
            path.write_bytes(parquet(4))
            return found

        monkeypatch.setattr(table._session, "arrow", writing)
        with pytest.raises(DataAccessError, match="The files were written while they were read"):
            table.to_arrow()


def test_thousands_of_columns_are_read_in_the_memory_that_a_table_has(opened):
    width, rows = 3_000, 1_000
    line = ",".join(f"{n / 7:.4f}" for n in range(width)) + "\n"
    with opened(",".join(f"c{n}" for n in range(width)) + "\n" + line * rows) as table:
        found = table.to_arrow()
    assert (found.num_rows, found.num_columns) == (rows, width)
    assert found.column(width - 1)[rows - 1].as_py() == round((width - 1) / 7, 4)


def parquet(rows):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({name: list(range(rows)) for name in "abcdefg"}), sink)
    return sink.getvalue().to_pybytes()
