"""Workspaces as notebooks find, make and show them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import (
    AlreadyExistsError,
    StoreCorruptError,
    UsageError,
    WorkspaceNotFoundError,
)
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.store.datastore import Datastore
from aml_magics.sdk.workspace.workspace import store_of


def test_first_use_makes_a_workspace_and_says_where_in_one_line(capsys, tmp_path):
    workspace = Workspace.from_config()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"aml_magics: made workspace 'default' in {workspace.store.folder}\n"
    Workspace.from_config()
    assert capsys.readouterr().err == ""


def test_configuration_in_a_parent_folder_is_found(tmp_path, monkeypatch):
    Workspace.create("team", resource_group="rg", subscription_id="sub").write_config(tmp_path)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    found = Workspace.from_config()
    assert (found.name, found.resource_group, found.subscription_id) == ("team", "rg", "sub")


@pytest.mark.parametrize("place", [".azureml/config.json", "aml_config/config.json", "config.json"])
def test_azures_places_of_the_configuration_are_looked_at(tmp_path, place):
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"workspace_name": "course", "subscription_id": "s", "resource_group": "g"})
    )
    assert Workspace.from_config().name == "course"
    assert Workspace.from_config(path).subscription_id == "s"


def test_configuration_under_another_file_name_is_read(tmp_path):
    Workspace.create("other").write_config(tmp_path, file_name="mine.json")
    assert Workspace.from_config(_file_name="mine.json").name == "other"


def test_a_path_without_configuration_is_an_error(tmp_path):
    with pytest.raises(WorkspaceNotFoundError, match=r"No .azureml/config.json in .*write_config"):
        Workspace.from_config(tmp_path)


def test_damaged_configuration_says_what_belongs_there(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(
        StoreCorruptError, match="subscription_id, resource_group and workspace_name"
    ):
        Workspace.from_config()


def test_create_refuses_a_taken_name_unless_told():
    first = Workspace.create("one")
    with pytest.raises(AlreadyExistsError, match="exist_ok=True"):
        Workspace.create("one")
    assert Workspace.create("one", exist_ok=True) == first
    assert Workspace("sub", "rg", "one") == first == Workspace.get("one")


def test_unknown_workspace_suggests_a_near_name():
    Workspace.create("digits")
    with pytest.raises(WorkspaceNotFoundError, match="Did you mean 'digits'"):
        Workspace.get("digit")


def test_list_gives_azures_dict_of_lists():
    Workspace.create("a", subscription_id="s1")
    Workspace.create("b", subscription_id="s2")
    assert list(Workspace.list()) == ["a", "b"]
    assert [one.name for one in Workspace.list("s2")["b"]] == ["b"]
    assert list(Workspace.list("s2")) == ["b"]


def test_experiments_are_a_fresh_mapping():
    workspace = Workspace.create("w")
    experiments = workspace.experiments
    assert len(experiments) == 0
    Experiment(workspace, "one")
    assert list(experiments) == ["one"]
    assert "one" in experiments
    assert experiments["one"].name == "one"
    assert experiments.get("none") is None
    with pytest.raises(KeyError, match=r"No experiment 'onee'.* Did you mean 'one'"):
        experiments["onee"]


def test_a_workspace_shows_itself_as_azure_does():
    workspace = Workspace.create(
        "w", subscription_id="s", resource_group="<b>g</b>", location="westeurope"
    )
    assert (
        repr(workspace)
        == "Workspace.create(name='w', subscription_id='s', resource_group='<b>g</b>')"
    )
    assert "&lt;b&gt;g&lt;/b&gt;" in workspace._repr_html_()
    details = workspace.get_details()
    assert (details["name"], details["location"]) == ("w", "westeurope")
    assert json.dumps(details)


def test_all_that_azure_asks_for_is_accepted_and_what_it_is_called_is_kept():
    Workspace.create(
        "w",
        location="west",
        sku="enterprise",
        tags={"team": 1},
        friendly_name="Our place",
        create_resource_group=True,
        storage_account="/subscriptions/s",
        hbi_workspace=False,
        v1_legacy_mode=None,
    )
    workspace = Workspace(
        "s",
        "g",
        "w",
        _location="west",
        _workspace_id="x",
        sku="basic",
        tags=None,
        _cloud="AzureCloud",
    )

    assert (workspace.sku, workspace.tags, workspace.location) == (
        "enterprise", {"team": "1"}, "west",
    )  # fmt: skip
    details = workspace.get_details()
    assert (details["friendlyName"], details["sku"]) == ("Our place", "enterprise")
    assert details["tags"] == {"team": "1"}
    assert details["creationTime"].endswith("+00:00")


def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="resource_gruop"):
        Workspace.create("w", resource_gruop="g")


def test_equal_workspaces_hash_alike():
    assert len({Workspace.create("w"), Workspace.get("w")}) == 1


def test_get_run_finds_a_run_by_its_id():
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    assert workspace.get_run(run.id) == run


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, aml_magics; print([m for m in ('sqlalchemy','numpy','pandas','fsspec','IPython') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_an_unknown_attribute_of_the_package_lists_what_there_is():
    import aml_magics

    names = "CommandStep, ComputeTarget, DaskCompute, Dataset, Datastore, Experiment, ParallelRunConfig, "
    names += "ParallelRunStep, Pipeline, PipelineData, PipelineParameter, PublishedPipeline, PythonScriptStep, Run, Workspace"
    with pytest.raises(AttributeError, match=f"it has {names}"):
        _ = aml_magics.nothing
    assert "Run" in dir(aml_magics)
    assert aml_magics.__version__ == "0.1.0"


def test_a_workspace_has_a_store():
    workspace = Workspace.create("w")
    assert store_of(workspace, "f(workspace)") is workspace.store


@pytest.mark.parametrize("given", [None, "w", 5])
def test_another_thing_in_its_place_is_told(given):
    with pytest.raises(UsageError, match=r"Dataset\.get_by_name.* takes a Workspace first, not"):
        Dataset.get_by_name(given, "x")
    with pytest.raises(UsageError, match=r"Dataset\.get_by_id.* takes a Workspace first, not"):
        Dataset.get_by_id(given, "x")
    with pytest.raises(UsageError, match=r"Datastore\.get\(.* takes a Workspace first, not"):
        Datastore.get(given, "x")
    with pytest.raises(UsageError, match=r"Datastore\.get_default.* takes a Workspace first, not"):
        Datastore.get_default(given)
    with pytest.raises(UsageError, match=r"Datastore\.register_.* takes a Workspace first, not"):
        Datastore.register_url(given, "x", "/tmp")
