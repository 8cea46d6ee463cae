"""``azureml.dataprep``: its names are ours, and what is missing says so."""

from __future__ import annotations

import pytest

from tests.compat.test_namespace import printed, run


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("Dataflow", "dataprep.dataflow"),
        ("auto_read_file", "dataprep.reading"),
        ("col", "dataprep.reading"),
        ("read_csv", "dataprep.reading"),
        ("read_json_lines", "dataprep.reading"),
        ("read_parquet_file", "dataprep.reading"),
        ("smart_read_file", "dataprep.reading"),
        ("FieldType", "dataprep.option"),
        ("FileEncoding", "dataprep.option"),
        ("PromoteHeadersMode", "dataprep.option"),
        ("SummaryColumnsValue", "dataprep.summary"),
        ("SummaryFunction", "dataprep.summary"),
        ("DataProfile", "data.dataset.profile"),
    ],
)
def test_names_of_data_preparation_are_ours(name, home):
    code = f"import azureml.dataprep as dprep; print(dprep.{name}.__module__)"
    assert printed(code) == f"aml_magics.sdk.{home}"


def test_what_is_missing_says_so():
    done = run("from azureml.dataprep import Dataflow, read_excel")
    assert "azureml.dataprep.read_excel is not available in aml_magics" in done.stderr


def test_importing_it_loads_no_engine():
    code = "import sys, azureml.dataprep; print([x for x in ('duckdb', 'pandas', 'pyarrow') if x in sys.modules])"
    assert printed(code) == "[]"
