"""Datasets at Azure's import paths."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from aml_magics import _namespace

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from importlib import import_module
from aml_magics import errors
from aml_magics.sdk.data.dataset import (
    abstract_dataset, argument, dataset, factory, file_dataset, file_factory, type as data_type,
)
from aml_magics.sdk.data.table import tabular_dataset
from aml_magics.sdk.data.use import consumption as dataset_consumption

for theirs, ours, names in (
    ("core", dataset, "Dataset"),
    ("core.dataset", dataset, "Dataset"),
    ("data", tabular_dataset, "TabularDataset"),
    ("data", file_dataset, "FileDataset"),
    ("data", data_type, "DataType"),
    ("data.abstract_dataset", abstract_dataset, "AbstractDataset"),
    ("data.tabular_dataset", tabular_dataset, "TabularDataset"),
    ("data.file_dataset", file_dataset, "FileDataset"),
    ("data.dataset_factory", factory, "TabularDatasetFactory"),
    ("data.dataset_factory", file_factory, "FileDatasetFactory"),
    ("data.dataset_factory", data_type, "DataType"),
    ("data.dataset_type_definitions", argument, "PromoteHeadersBehavior"),
    ("data.constants", dataset_consumption, "DIRECT_MODE DOWNLOAD_MODE HDFS_MODE MOUNT_MODE"),
):
    for name in names.split():
        assert getattr(import_module(f"azureml.{theirs}"), name) is getattr(ours, name), name

handling = import_module("azureml.data.dataset_error_handling")
assert handling.DatasetValidationError is errors.InvalidDatasetError
assert handling.DatasetExecutionError is errors.InvalidDataError
from azureml.exceptions import DatasetTimestampMissingError, UserErrorException
assert issubclass(DatasetTimestampMissingError, UserErrorException)
try:
    from azureml.data.dataset_factory import NoSuchFactory
except ImportError as error:
    assert "aml_magics" in str(error), error
print("all there")
"""


def test_names_at_azures_places_are_ours():
    path = os.pathsep.join([str(_namespace.FOLDER), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "all there\n", done.stderr
