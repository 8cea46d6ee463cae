"""What a query gives, in memory and of datasets."""

from __future__ import annotations

import os
import signal
import threading

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from aml_magics import Workspace
from aml_magics.errors import (
    DataAccessError,
    DataNotFoundError,
    InvalidDataError,
    InvalidQueryError,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.sdk.data.store.datastore import Datastore
from aml_magics.services.data.table.query import answer, rows_of
from aml_magics.services.data.table.statement import read_statement


@pytest.fixture
def patients():
    with duckdb.connect() as connection:
        connection.register("patients", pd.DataFrame({"age": [30, 50], "city": ["Bonn", "Ulm"]}))
        yield connection


def rows(connection, text, values=None, limit=None):
    return rows_of(connection, read_statement(text, ["patients"]), values or {}, limit)


@pytest.mark.parametrize(
    "query",
    [
        "FROM patients",
        "SELECT * FROM Patients;",
        "WITH old AS (FROM patients WHERE age > 40) SELECT * FROM old, range(3)",
        "WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 4) FROM n",
        "SELECT * FROM (PIVOT patients ON city IN ('Bonn', 'Ulm') USING sum(age))",
        "SUMMARIZE patients",
        "DESCRIBE patients",
        "SELECT 'a;b' AS text -- one; two",
        "VALUES (1)",
    ],
)
def test_a_query_over_the_named_tables_runs(patients, query):
    assert len(rows(patients, query).frame)


def test_an_error_is_one_line_with_the_place_below_it(patients):
    with pytest.raises(InvalidQueryError) as error:
        rows(patients, "\nSELECT city,\n       agee FROM patients")
    assert str(error.value).splitlines() == [
        'Referenced column "agee" not found in FROM clause! Candidate bindings: "age".',
        "  line 3:        agee FROM patients",
        "                 ^^^^",
    ]


def test_a_value_that_does_not_fit_is_told(patients):
    with pytest.raises(InvalidQueryError, match="Could not convert string 'Bonn' to INT32"):
        rows(patients, "SELECT city::INT FROM patients")


def test_parameters_are_bound_and_never_read_as_sql(patients):
    statement = read_statement("FROM patients WHERE city = $city OR age IN $ages", ["patients"])
    assert statement.parameters == {"city", "ages"}
    values = {"city": "' OR true --", "ages": [50]}
    assert rows_of(patients, statement, values).frame["city"].tolist() == ["Ulm"]


def test_a_parameter_without_a_value_is_refused(patients):
    with pytest.raises(InvalidQueryError, match="parameters: age"):
        rows(patients, "SELECT $age")


def test_a_limit_gives_the_first_rows_and_says_that_there_are_more(patients):
    cut = rows(patients, "FROM range(100_000_000_000)", limit=3000)
    assert (len(cut.frame), cut.is_cut) == (3000, True)
    whole = rows(patients, "FROM patients", limit=2)
    assert (len(whole.frame), whole.is_cut) == (2, False)


def test_sums_of_whole_numbers_are_whole(patients):
    frame = rows(
        patients,
        "SELECT sum(age) AS exact, sum(age) * 2::HUGEINT ** 60 AS large, NULL::HUGEINT AS nothing FROM patients",
    ).frame
    assert frame["exact"].dtype == "int64"
    assert frame["exact"].tolist() == [80]
    assert frame["nothing"].isna().all()


def test_a_query_that_needs_too_much_memory_says_so(patients):
    patients.execute("SET memory_limit = '50MB'; SET temp_directory = ''")
    with pytest.raises(InvalidQueryError, match="needs more memory than there is"):
        rows(patients, "SELECT list(range) FROM range(100_000_000)")


def test_an_interrupt_ends_the_query_and_the_connection_goes_on(patients):
    endless = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        rows(patients, endless)
    assert not [one for one in threading.enumerate() if one.name == "aml_magics-query"]
    assert len(rows(patients, "FROM patients").frame) == 2


@pytest.fixture
def store():
    return Workspace.create("w").store


def csv(path, text):
    path.write_text(text)
    return Definition("tabular", (Location(str(path)),), "delimited", {"infer_types": True})


def ask(store, query, definitions, frames=None):
    names = [*definitions, *(frames or {})]
    return answer(store, definitions, frames or {}, read_statement(query, names), {}).frame


def test_datasets_and_frames_are_joined(store, tmp_path):
    visits = csv(tmp_path / "visits.csv", "site,age\n1,30\n2,50\n1,70\n")
    sites = pa.table({"site": [1, 2], "city": ["Bonn", "Ulm"]})
    query = 'SELECT city, count(*) n, sum(age) AS years FROM "the visits" JOIN sites USING (site) GROUP BY ALL ORDER BY 1'
    frame = ask(store, query, {"the visits": visits}, {"sites": sites})
    assert frame.to_dict("list") == {"city": ["Bonn", "Ulm"], "n": [2, 1], "years": [100, 50]}


def test_a_bad_file_is_told_as_a_bad_file(store, tmp_path):
    rows = "1,2\n" * 30_000
    visits = csv(tmp_path / "visits.csv", f"a,b\n{rows}1,2,3\n")
    with pytest.raises(InvalidDataError, match=r"visits\.csv', line 30,002, has 3 values"):
        ask(store, "SELECT sum(a) FROM visits", {"visits": visits})


def test_a_file_that_is_gone_is_told(store, tmp_path):
    visits = csv(tmp_path / "visits.csv", "a\n1\n")
    (tmp_path / "visits.csv").unlink()
    with pytest.raises(DataNotFoundError, match="visits"):
        ask(store, "FROM visits", {"visits": visits})


def test_a_frame_that_cannot_be_queried_is_told(store):
    with pytest.raises(InvalidQueryError, match="not suitable"):
        ask(store, "FROM things", {}, {"things": [1, 2]})


def test_nothing_is_left_in_the_workspace(store, tmp_path):
    before = sorted(store.folder.rglob("*"))
    ask(store, "FROM visits", {"visits": csv(tmp_path / "visits.csv", "a\n1\n")})
    assert sorted(store.folder.rglob("*")) == before


def test_a_database_that_is_away_is_told_by_its_datastore():
    workspace = Workspace.create("w")
    Datastore.register_azure_postgre_sql(
        workspace, "base", "127.0.0.1", "d", "u", "p", port_number="9"
    )
    definition = Definition("tabular", (Location("", "base"),), "sql_query", {"query": "SELECT 1"})
    with pytest.raises(
        DataAccessError, match=r"^Datastore 'base' does not answer at 127\.0\.0\.1:9"
    ):
        answer(workspace.store, {"d": definition}, {}, read_statement("FROM d", ["d"]), {})
