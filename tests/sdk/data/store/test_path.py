from __future__ import annotations

import pytest

from aml_magics.compat.azureml.data.datapath import DataPath, DataPathComputeBinding
from aml_magics.errors import InvalidArgumentError, InvalidPathError


def test_a_path_knows_its_datastore(datastore):
    path = DataPath(datastore, "data", "named")
    assert path.datastore is datastore
    kept = path.datastore_name, path.path_on_datastore, path.name
    assert kept == ("workspaceblobstore", "data", "named")
    assert repr(path) == "DataPath('workspaceblobstore', 'data')"
    assert DataPath(datastore).name


def test_a_path_and_its_binding_make_a_data_reference_and_come_of_one(datastore):
    binding = DataPathComputeBinding("download", "here", True)
    reference = DataPath(datastore, "data").create_data_reference("a", binding)
    assert str(reference) == "$AZUREML_DATAREFERENCE_a"
    kept = reference.mode, reference.path_on_compute, reference.overwrite
    assert kept == ("download", "here", True)
    again = DataPath.create_from_data_reference(reference)
    assert (again.path_on_datastore, again.name) == ("data", "a")
    bound = DataPathComputeBinding.create_from_data_reference(reference)
    assert (bound.mode, bound.path_on_compute, bound.overwrite) == kept


def test_a_binding_mounts_unless_said_otherwise():
    binding = DataPathComputeBinding()
    assert (binding.mode, binding.path_on_compute, binding.overwrite) == ("mount", None, False)


def test_a_mode_that_is_none_is_refused():
    with pytest.raises(InvalidArgumentError, match="one of mount, download, upload"):
        DataPathComputeBinding("link")


def test_a_path_without_a_datastore_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"takes a datastore first, .* not NoneType"):
        DataPath(path_on_datastore="data")
    with pytest.raises(InvalidArgumentError, match=r"not str \('workspaceblobstore'\)"):
        DataPath("workspaceblobstore", "data")


def test_paths_and_bindings_show_what_they_are(datastore):
    assert repr(DataPath(datastore, "data")) == "DataPath('workspaceblobstore', 'data')"
    assert repr(DataPath(datastore)) == "DataPath('workspaceblobstore', '')"
    assert repr(DataPathComputeBinding()) == "DataPathComputeBinding(mode='mount')"
    bound = DataPathComputeBinding("download", "here")
    assert repr(bound) == "DataPathComputeBinding(mode='download', path_on_compute='here')"


def test_a_folder_outside_of_the_script_is_refused():
    with pytest.raises(InvalidPathError, match=r"path_on_compute '\.\./x'"):
        DataPathComputeBinding(path_on_compute="../x")


def test_a_path_out_of_the_datastore_is_refused(datastore):
    with pytest.raises(InvalidPathError, match="path_on_datastore"):
        DataPath(datastore, "../x")
