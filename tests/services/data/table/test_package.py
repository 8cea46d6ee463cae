"""A Python without the packages that read tables."""

from __future__ import annotations

import sys

import pytest

from aml_magics.errors import DependencyError
from aml_magics.records.dataset import Definition, Location
from aml_magics.services.data.table import table as tabular
from aml_magics.services.data.table.package import package_of_tables


def test_a_package_that_is_here_is_imported():
    assert package_of_tables("duckdb").__name__ == "duckdb"


@pytest.mark.parametrize("package", ["duckdb", "pandas"])
def test_one_that_is_missing_says_how_to_get_it(store, tmp_path, monkeypatch, package):
    (tmp_path / "x.csv").write_text("a\n1\n")
    definition = Definition("tabular", (Location(str(tmp_path / "x.csv")),), "delimited")
    monkeypatch.setitem(sys.modules, package, None)

    def read():
        with tabular.opened(store, definition) as table:
            table.to_pandas()

    with pytest.raises(DependencyError, match=f"read with {package}, which .* pip install duckdb"):
        read()
