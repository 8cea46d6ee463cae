"""What aml_magics does where the packages of the extras are not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from aml_magics._optional import EXTRAS, check_module, extra_of, optional_module, pip_line
from aml_magics.errors import DependencyError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.table import table as tabular

DISTRIBUTIONS = {"mlflow": "mlflow-skinny", "sklearn": "scikit-learn", "smbclient": "smbprotocol"}
# Modules that somebody else's program loads, which has the package by then.
LOADED_BY_OTHERS = (
    "aml_magics.compat",
    "aml_magics.mlflow",
    "aml_magics.server",
    "aml_magics.services.data.store.azure_blob",
    "aml_magics.workers.replica",  # only where a service runs
)
BARE = f"""
import json, pkgutil, sys, warnings
from importlib import import_module
warnings.simplefilter("ignore")
for name in {sorted({*EXTRAS} - {"pandas"})}:
    sys.modules[name] = None

import aml_magics
from aml_magics.errors import DependencyError
for found in pkgutil.walk_packages(aml_magics.__path__, "aml_magics."):
    if not found.name.startswith({LOADED_BY_OTHERS}) and not found.name.endswith(("env", "__main__")):
        import_module(found.name)

from pathlib import Path
import pandas
from IPython.core.interactiveshell import InteractiveShell
from aml_magics.cli.main import main
from aml_magics.sdk.data.dataset.factory import TabularDatasetFactory
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.store.catalogue.catalogue import Catalogue
from aml_magics.store.files.blob import BlobStore
from aml_magics.services.data.store.datastore import register
from aml_magics.services.data.store.location import open_storage

said = {{}}
def ask(feature, work):
    try:
        work()
    except DependencyError as error:
        said[feature] = str(error)
    else:
        said[feature] = "it worked"

Path("x.csv").write_text("a\\n1\\n")
ws = Workspace.create("test")
ws.write_config()
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "aml_magics")
result = shell.run_cell("%%aml_run plain --quiet\\nrun.log('accuracy', 0.5)")
result.raise_error()
frame = shell.run_line_magic("aml", "runs")
run = Run.get(ws, frame["id"][0])
said["metric"] = run.get_metrics()["accuracy"]
said["rows"] = len(frame)
csv = TabularDatasetFactory.from_delimited_files("x.csv", validate=False)
frame = pandas.DataFrame({{"a": [1]}})
ask("to_pandas_dataframe", csv.to_pandas_dataframe)
ask("from_delimited_files", lambda: TabularDatasetFactory.from_delimited_files("x.csv"))
csv.register(ws, "x")
ask("%aml dataset", lambda: shell.run_line_magic("aml", "dataset x --exact"))
ask("%%aml_sql", lambda: shell.run_cell_magic("aml_sql", "x", "SELECT * FROM x"))
ask("register_pandas_dataframe", lambda: TabularDatasetFactory.register_pandas_dataframe(frame, ws.get_default_datastore(), "f"))
ask("to_dask_dataframe", csv.to_dask_dataframe)
ask("to_spark_dataframe", csv.to_spark_dataframe)
ask("PostgreSQL", lambda: Catalogue("postgresql://ann@127.0.0.1:1/runs"))
ask("artifacts", lambda: BlobStore("s3://bucket").open("0" * 64))
ask("datastore", lambda: open_storage(ws.store, register(ws.store, "d", "url", {{"url": "gs://bucket"}})))
said["demo"] = main(["demo"])
said["doctor"] = main(["doctor"])
print(json.dumps(said))
"""


def test_a_module_is_of_the_extra_that_installs_it() -> None:
    needs = [Requirement(line) for line in requires("aml-magics") or ()]
    for module, extra in EXTRAS.items():
        of_extra = [
            one for one in needs if one.marker is None or one.marker.evaluate({"extra": extra})
        ]

        assert DISTRIBUTIONS.get(module, module).replace("_", "-") in {one.name for one in of_extra}


def test_every_package_of_an_extra_has_its_line() -> None:
    known = {DISTRIBUTIONS.get(module, module).replace("_", "-") for module in EXTRAS}
    extras = {
        one.name
        for one in map(Requirement, requires("aml-magics") or ())
        if one.marker
        and not one.marker.evaluate({"extra": "test"})
        and one.marker.evaluate({"extra": "all"})
    }

    assert extras <= known


def test_a_package_that_is_here_is_imported() -> None:
    assert optional_module("duckdb", "A table").__name__ == "duckdb"
    check_module("duckdb", "A table")


def test_one_that_is_broken_says_so(tmp_path, monkeypatch) -> None:
    (tmp_path / "gcsfs.py").write_text("raise ImportError('libssl is missing')\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(
        DependencyError,
        match=r"A bucket needs gcsfs, which cannot be imported \(libssl is missing\)",
    ):
        optional_module("gcsfs", "A bucket")


@pytest.mark.parametrize(
    ("url", "extra"), [("s3://a", "s3"), ("ABFS://a", "azure"), ("memory://a", ""), ("folder", "")]
)
def test_the_extra_of_a_url(url: str, extra: str) -> None:
    assert extra_of(url) == extra


def test_the_line_for_pip_is_quoted() -> None:
    assert pip_line("data") == 'pip install "aml-magics[data]"'


@pytest.mark.parametrize("package", ["duckdb", "pandas", "pyarrow"])
def test_a_table_says_which_package_is_missing(store, tmp_path, monkeypatch, package) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    definition = Definition("tabular", (Location(str(tmp_path / "x.csv")),), "delimited")
    monkeypatch.setitem(sys.modules, package, None)

    def read():
        with tabular.opened(store, definition) as table:
            table.to_pandas()

    with pytest.raises(
        DependencyError,
        match=rf'A tabular dataset needs {package}, which is not installed: pip install "aml-magics\[data\]"\. An env',
    ):
        read()


def test_without_the_extras_runs_are_logged_and_other_features_name_theirs() -> None:
    child = subprocess.run(
        [sys.executable, "-c", BARE], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    said = json.loads(child.stdout.splitlines()[-1])

    assert (said.pop("metric"), said.pop("rows"), said.pop("doctor")) == (0.5, 1, 0)
    assert said.pop("demo") == 1
    assert "`aml-magics demo` needs nbclient" in child.stderr
    extras = {
        "to_pandas_dataframe": "data",
        "from_delimited_files": "data",
        "%aml dataset": "data",
        "%%aml_sql": "data",
        "register_pandas_dataframe": "data",
        "to_dask_dataframe": "dask",
        "to_spark_dataframe": "spark",
        "PostgreSQL": "team",
        "artifacts": "s3",
        "datastore": "gcs",
    }
    assert {
        feature for feature, extra in extras.items() if pip_line(extra) not in said[feature]
    } == set()
