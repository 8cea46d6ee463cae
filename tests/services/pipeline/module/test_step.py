"""Steps of modules get the code of a version, and what they leave to it."""

from __future__ import annotations

import shutil

import pytest

from aml_magics.errors import PipelineDisabledError, PipelineError, PipelineNotFoundError
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput
from aml_magics.records.pipeline.definition import (
    FromDataset,
    PipelineDefinition,
    RunSettings,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.records.pipeline.module import ModulePort, ModuleStatus
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.module import module as modules
from aml_magics.services.pipeline.module.step import with_modules
from aml_magics.warnings import ModuleDeprecatedWarning

IN = StepInput(DataFolder("in", "workspaceblobstore", "raw"))
OUT = StepOutput(
    DataOutput("out", "workspaceblobstore", "azureml/{run-id}/{output-name}", results=())
)


@pytest.fixture
def module(sqlite_store, tmp_path):
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "sum.py").write_text("print(1)\n", encoding="utf-8")
    made, _ = modules.publish(
        sqlite_store,
        modules.create(sqlite_store, "sums"),
        folder,
        "sum.py",
        inputs=(ModulePort("in"), ModulePort("more", is_optional=True)),
        outputs=(ModulePort("out"),),
        arguments=("--in", "$AZUREML_DATAREFERENCE_in", "--out", "$AZUREML_DATAREFERENCE_out"),
        params={"LEVEL": "3"},
        run=RunSettings(variables={"FAST": "1"}),
    )
    shutil.rmtree(folder)
    return made


def pipeline(inputs=(IN,), outputs=(OUT,), **fields):
    settings = {"module": "sums", **fields.pop("settings", {})}
    step = StepDefinition("1", "add", "module", settings, inputs=inputs, outputs=outputs, **fields)
    return PipelineDefinition(steps=(step,))


def filled(store, **fields):
    definition, _ = with_modules(store, pipeline(**fields))
    [step] = definition.steps
    return step


def test_a_step_has_what_it_leaves_to_its_version(sqlite_store, module):
    step = filled(sqlite_store)

    assert step.settings == {"module": "sums", "module_version": "1", "script_name": "sum.py"}
    words = ("--in", IN.part.placeholder, "--out", "$AZUREML_DATAREFERENCE_out")
    assert (step.arguments, step.params) == (words, {"LEVEL": "3"})
    assert step.run.variables == {"FAST": "1"}


def test_what_a_step_says_itself_stays(sqlite_store, module):
    run = RunSettings(nodes=2)
    step = filled(
        sqlite_store, arguments=("--x",), params={"LEVEL": "4"}, run=run, target="cluster"
    )

    assert (step.arguments, step.params) == (("--x",), {"LEVEL": "4"})
    assert (step.run, step.target) == (run, "cluster")


def test_a_port_that_is_a_dataset_stands_for_it(sqlite_store, module):
    data = StepInput(DataInput("in"), FromDataset("digits"))

    assert filled(sqlite_store, inputs=(data,)).arguments[1] == data.part.placeholder


def test_it_is_compiled_without_its_folder(sqlite_store, module):
    graph = compile_graph(sqlite_store, pipeline())

    template = graph.templates["1"]
    assert [one.name for one in template.files] == ["sum.py"]
    assert template.parts["source"] == "print(1)\n"
    assert template.job["script"] == "sum.py"
    assert template.source_id == module.versions["1"].source_id
    assert graph.definition.steps[0].settings["module_version"] == "1"


def test_a_pipeline_without_modules_stays_as_it_is(sqlite_store):
    definition = PipelineDefinition(steps=(StepDefinition("1", "a", "command"),))

    assert with_modules(sqlite_store, definition) == (definition, {})


def test_ports_that_do_not_fit_are_named(sqlite_store, module):
    other = StepInput(DataFolder("inn", "workspaceblobstore", "raw"))

    with pytest.raises(
        PipelineError, match=r"no input port 'inn'.*Did you mean 'in'.*has: in, more"
    ):
        filled(sqlite_store, inputs=(IN, other))
    with pytest.raises(PipelineError, match="the input port 'in' of the module has no data"):
        filled(sqlite_store, inputs=())
    with pytest.raises(PipelineError, match=r"give it in outputs_map, such as \{'out': data\}"):
        filled(sqlite_store, outputs=())
    with pytest.raises(PipelineError, match=r"no param 'LEVL'.*Did you mean 'LEVEL'"):
        filled(sqlite_store, params={"LEVL": "1"})
    with pytest.raises(PipelineError, match=r"whose script is 'sum.py', not 'a.py'"):
        filled(sqlite_store, settings={"script_name": "a.py"})


def test_a_module_that_is_not_there_is_told(sqlite_store, module):
    with pytest.raises(PipelineNotFoundError, match="Did you mean 'sums'"):
        filled(sqlite_store, settings={"module": "sum"})
    with pytest.raises(PipelineError, match=r"a ModuleStep needs module \(Module\); give it"):
        compile_graph(sqlite_store, pipeline(settings={"module": ""}))


def test_a_deprecated_one_is_used_with_a_warning_and_a_disabled_one_is_not(sqlite_store, module):
    modules.edit_version(sqlite_store, module, "1", status=ModuleStatus.DEPRECATED)
    with pytest.warns(ModuleDeprecatedWarning, match="Version '1' of module 'sums' is Deprecated"):
        filled(sqlite_store)
    modules.edit_version(sqlite_store, module, "1", status=ModuleStatus.ACTIVE)
    modules.set_status(sqlite_store, module, ModuleStatus.DEPRECATED)
    with pytest.warns(ModuleDeprecatedWarning, match="Module 'sums' is Deprecated"):
        filled(sqlite_store)
    modules.set_status(sqlite_store, module, ModuleStatus.DISABLED)
    with pytest.raises(PipelineDisabledError, match="is used by no new step"):
        filled(sqlite_store)
