"""Modules as notebooks use them: made, published, found, disabled."""

from __future__ import annotations

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    PipelineDisabledError,
    PipelineError,
    PipelineNotFoundError,
    SubmissionError,
)
from aml_magics.sdk.data.store.path import DataPath
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.pipeline.module.module import Module
from aml_magics.sdk.pipeline.module.port_definition import InputPortDef, OutputPortDef, ParamDef
from aml_magics.sdk.pipeline.module.version import ModuleVersion
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline_data import PipelineData

READ = InputPortDef("numbers", ["csv"], "download", label="Numbers", is_optional=True)
WRITE = OutputPortDef("total", "workspaceblobstore", "upload", data_type="txt", label="Sum")


@pytest.fixture
def module(workspace, tmp_path):
    (tmp_path / "sum.py").write_text("print(1)\n", encoding="utf-8")
    return Module.create(workspace, "sums", "adds")


def publish(module, folder, **fields):
    wanted = {"inputs": [READ], "outputs": [WRITE], **fields}
    return module.publish_python_script("sum.py", "first", source_directory=str(folder), **wanted)


def test_a_module_is_found_by_its_name_and_its_id(workspace, module):
    for found in (
        Module.get(workspace, name="sums"),
        Module.get(workspace, module.id),
        Module(workspace, module.id),
    ):
        assert (found.id, found.name, found.description) == (module.id, "sums", "adds")
        assert (found.status, found.default_version) == ("Active", None)
    assert repr(module).startswith("Module(Name: sums, Id: ")


def test_a_version_says_what_it_is(workspace, module, tmp_path):
    made = publish(module, tmp_path, params={"level": 3}, version="1.0", category="maths")

    assert (made.version, made.description, made.category) == ("1.0", "first", "maths")
    assert (made.status, made.module_type, made.script_name) == ("Active", "esCloud", "sum.py")
    assert (made.params, made.is_default) == ({"level": "3"}, False)
    assert made.module().id == made.module_id == module.id
    assert len(made.snapshot_id) == 36
    [read], [write] = made.interface.inputs, made.interface.outputs
    assert vars(read) == vars(READ)
    assert vars(write) == vars(WRITE)
    assert [(one.name, one.default_value) for one in made.interface.params] == [("level", "3")]
    assert repr(made.interface).startswith("ModuleInterface(inputs=[InputPortDef(name='numbers')]")
    assert repr(made).startswith("ModuleVersion(Module: sums, Version: 1.0, ")


def test_versions_are_listed_and_resolved(workspace, module, tmp_path):
    other = Module.get(workspace, name="sums")
    assert module.get_default() is None
    first, second = publish(module, tmp_path), publish(module, tmp_path)

    listed = [(one.version, one.module_version_id) for one in other.module_version_list()]
    assert listed == [("1", first.id), ("2", second.id)]
    assert Module.get_versions(workspace, "sums") == module.module_version_list()
    assert other.resolve().version == "2"
    module.set_default_version(first.id)
    assert other.resolve().version == other.get_default_version() == "1"
    assert other.get_default().is_default
    second.set_as_default()
    assert second.is_default
    assert module.get_default().version == "2"
    with pytest.raises(PipelineNotFoundError, match="has no version '3'"):
        module.set_default_version("3")
    with pytest.raises(PipelineNotFoundError, match="has no version '3'"):
        ModuleVersion(workspace, module._record, "3")


def test_a_version_may_become_the_default_as_it_is_published(module, tmp_path):
    assert publish(module, tmp_path, is_default=True).is_default
    assert module.default_version == "1"


def test_a_module_and_a_version_change_their_names_and_their_status(workspace, module, tmp_path):
    made = publish(module, tmp_path)
    module.set_name("adds")
    module.set_description("more")
    made.set_description("better")
    assert Module.get(workspace, name="adds").description == "more"
    assert module.resolve("1").description == "better"

    made.deprecate()
    assert module.resolve("1").status == "Deprecated"
    made.disable()
    with pytest.raises(PipelineDisabledError, match="is Disabled"):
        module.resolve("1")
    made.enable()
    module.deprecate()
    assert module.status == "Deprecated"
    module.disable()
    with pytest.raises(PipelineDisabledError, match="Module 'adds' is Disabled"):
        module.resolve()
    module.enable()
    assert module.resolve().version == "1"


def test_publish_takes_the_script_of_its_run_configuration(module, tmp_path):
    made = module.publish(
        "d",
        "esCloud",
        [],
        [],
        [ParamDef("level", 3)],
        content_path=str(tmp_path),
        runconfig=RunConfiguration(script="sum.py"),
        version="1",
    )

    assert (made.script_name, made.params) == ("sum.py", {"level": "3"})
    with pytest.raises(AlreadyExistsError, match="has version '1'"):
        publish(module, tmp_path, version="1")
    with pytest.raises(PipelineError, match="runs the script of its runconfig"):
        module.publish("d", "esCloud", [], [])
    with pytest.raises(PipelineError, match="'esCloud', a script on a compute target, not 'x'"):
        module.publish("d", "x", [], [])


@pytest.mark.parametrize("kind", ["adlCloud", "AzureBatchCloud"])
def test_what_only_azure_runs_is_refused_with_what_to_do(module, kind):
    with pytest.raises(
        PipelineError, match=r"would need an account of Azure.*publish_python_script"
    ):
        module.publish("d", kind, [], [])
    refused = module.publish_adla_script if kind == "adlCloud" else module.publish_azure_batch
    with pytest.raises(PipelineError, match="would need an account of Azure"):
        refused("script", "d", inputs=[], outputs=[])


def test_what_is_no_port_or_argument_is_refused(workspace, module, tmp_path):
    with pytest.raises(PipelineError, match=r"inputs has InputPortDef\(name\), not"):
        publish(module, tmp_path, inputs=[PipelineData("x")])
    with pytest.raises(PipelineError, match="outputs is a list, not"):
        publish(module, tmp_path, outputs="total")
    with pytest.raises(PipelineError, match="arguments is a list, not"):
        publish(module, tmp_path, arguments="--x")
    with pytest.raises(PipelineError, match="there is no port 'x'"):
        publish(module, tmp_path, arguments=[PipelineData("x")])
    path = PipelineParameter("raw", DataPath(workspace.get_default_datastore(), "raw"))
    with pytest.raises(PipelineError, match="has a plain default, and that of 'raw' is"):
        publish(module, tmp_path, arguments=[path])
    with pytest.raises(SubmissionError, match="name of an input is"):
        InputPortDef("a/b")
    with pytest.raises(PipelineError, match="mode of a step's input is mount or download"):
        InputPortDef("a", default_datastore_mode="upload")
    with pytest.raises(PipelineError, match="mode of an output port is mount or upload"):
        OutputPortDef("a", default_datastore_mode="download")
