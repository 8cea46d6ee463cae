"""Steps of modules run, pass data on by their ports, are reused, published and written as YAML."""

from __future__ import annotations

import shutil

import pytest

from aml_magics import Experiment
from aml_magics.errors import PipelineDisabledError, PipelineError, PipelineNotFoundError
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.pipeline.module.module import Module
from aml_magics.sdk.pipeline.module.port_definition import InputPortDef, OutputPortDef
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.module_step import ModuleStep

CODE = """
import os, sys
given, to, more = sys.argv[1:]
base = int(open(given).read()) if given else int(os.environ["AML_PARAMETER_start"])
with open(to, "w") as file:
    file.write(str(base + int(more)))
"""
READ, WRITE = InputPortDef("before"), OutputPortDef("total", "workspaceblobstore")
MORE = PipelineParameter("more", 3)


@pytest.fixture
def module(workspace, tmp_path):
    """Version ``first`` begins with a number, and ``next`` adds to that of a file; their folder is gone."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "add.py").write_text(CODE, encoding="utf-8")
    made = Module.create(workspace, "add", "adds")
    shared = {"outputs": [WRITE], "params": {"start": 12}, "source_directory": str(folder)}
    for version, inputs, words in (
        ("first", [], ["", WRITE, MORE]),
        ("next", [READ], [READ, WRITE, MORE]),
    ):
        made.publish_python_script("add.py", "", inputs, version=version, arguments=words, **shared)
    shutil.rmtree(folder)
    return made


def two_steps(workspace, module):
    between, total = PipelineData("between"), PipelineData("all")
    ModuleStep(module, "first", outputs_map={"total": between}, params={"start": 20}, name="one")
    two = ModuleStep(
        module_version=module.resolve("next"),
        inputs_map={"before": between},
        outputs_map={"total": total},
        arguments=[between, total, 5],
        name="two",
    )
    return Pipeline(workspace, [two])


def total_of(run, tmp_path):
    run.wait_for_completion(show_output=False)
    [step] = run.find_step_run("two")
    output = step.get_output_data("total")
    output.download(str(tmp_path / run.id))
    return (tmp_path / run.id / output.path_on_datastore).read_text()


def reused(run):
    return {one.properties.get("azureml.isreused") for one in run.get_steps()}


def test_two_steps_pass_data_on_by_their_ports_and_are_reused(workspace, module, tmp_path):
    pipeline = two_steps(workspace, module)
    run = Experiment(workspace, "modules").submit(pipeline)

    assert total_of(run, tmp_path) == "28"
    assert {one.properties["StepType"] for one in run.get_steps()} == {"ModuleStep"}
    again = Experiment(workspace, "modules").submit(pipeline)
    assert (again.get_status(), reused(again)) == ("Finished", {"true"})
    path = pipeline.save(tmp_path / "p.yml")
    written = Experiment(workspace, "modules").submit(Pipeline.load_yaml(workspace, path))
    assert (written.get_status(), reused(written)) == ("Finished", {"true"})


def test_what_was_published_goes_on_when_its_module_is_disabled(workspace, module, tmp_path):
    pipeline = two_steps(workspace, module)
    published = pipeline.publish("sums")
    module.disable()

    with pytest.raises(PipelineDisabledError, match="Module 'add' is Disabled"):
        pipeline.submit("modules")
    run = published.submit(workspace, "modules", pipeline_parameters={"more": 4})
    assert total_of(run, tmp_path) == "29"


def test_an_output_without_data_is_kept_with_the_run_and_may_be_a_dataset(workspace, module):
    step = ModuleStep(module, "first")
    [written] = Pipeline(workspace, [step])._definition().steps

    assert (step.name, written.kind) == ("add", "module")
    assert written.settings == {"module": "add", "module_version": "first"}
    assert [(one.name, one.part.datastore) for one in written.outputs] == [
        ("total", "workspaceblobstore")
    ]
    output = OutputFileDatasetConfig("total")
    [written] = (
        Pipeline(workspace, [ModuleStep(module, "first", outputs_map={"total": output})])
        ._definition()
        .steps
    )
    assert written.outputs[0].part.results


def test_a_dataset_is_given_under_the_name_of_the_port(workspace, module):
    data = OutputFileDatasetConfig("made")
    source = ModuleStep(module, "first", name="source")
    source._outputs.append(data)
    data._note_producer(source)
    reader = ModuleStep(module, "next", inputs_map={"before": data.as_input("other").as_mount()})
    first, second = Pipeline(workspace, [reader])._definition().steps

    assert (first.name, second.inputs[0].name) == ("source", "before")


def test_a_step_names_its_version_in_one_way(module):
    version = module.resolve("first")
    for given in ({}, {"module": module, "module_version": version}):
        with pytest.raises(PipelineError, match="give module=, with version= if"):
            ModuleStep(**given)
    with pytest.raises(PipelineError, match="is version 'first', and version='next' another"):
        ModuleStep(module_version=version, version="next")
    with pytest.raises(PipelineError, match=r"module_version is what module.resolve"):
        ModuleStep(module_version="first")
    with pytest.raises(PipelineError, match="module is a Module, such as"):
        ModuleStep("add")
    with pytest.raises(PipelineNotFoundError, match="has no version 'frist'"):
        ModuleStep(module, "frist")


def test_ports_and_params_that_do_not_fit_are_refused(module):
    data = PipelineData("x")
    with pytest.raises(PipelineError, match=r"the input port 'before' of the module has no data"):
        ModuleStep(module, "next")
    with pytest.raises(PipelineError, match="has no input port 'x'"):
        ModuleStep(module, "next", inputs_map={"before": data, "x": data})
    with pytest.raises(PipelineError, match=r"has no output port 'x'.*It has: total"):
        ModuleStep(module, "first", outputs_map={"x": data})
    with pytest.raises(PipelineError, match="has no param 'x'"):
        ModuleStep(module, "first", params={"x": 1})
    with pytest.raises(PipelineError, match="inputs_map is data by the names of ports"):
        ModuleStep(module, "next", inputs_map=[data])
    with pytest.raises(PipelineError, match="output port 'total' is given a PipelineData, or"):
        ModuleStep(module, "first", outputs_map={"total": "x"})
    with pytest.raises(PipelineError, match=r"is bound to .*, which is no data"):
        Pipeline(
            module._workspace, [ModuleStep(module, "next", inputs_map={"before": 3})]
        ).publish()
