"""``azureml.dataprep``: its names are ours, and what is missing says so."""

from __future__ import annotations

import pytest

from tests.compat.test_namespace import printed, run


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("Dataflow", "dataflow"),
        ("auto_read_file", "dataflow_reading"),
        ("col", "dataflow_reading"),
        ("read_csv", "dataflow_reading"),
        ("read_json_lines", "dataflow_reading"),
        ("read_parquet_file", "dataflow_reading"),
        ("smart_read_file", "dataflow_reading"),
        ("FieldType", "dataflow_option"),
        ("FileEncoding", "dataflow_option"),
        ("PromoteHeadersMode", "dataflow_option"),
        ("SummaryColumnsValue", "dataflow_summary"),
        ("SummaryFunction", "dataflow_summary"),
        ("DataProfile", "dataset_profile"),
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
