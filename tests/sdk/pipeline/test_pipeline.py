"""Pipelines as notebooks write them: steps are found, and what cannot run is said."""

from __future__ import annotations

import pytest

from aml_magics import Dataset, Experiment
from aml_magics.errors import PipelineError, SubmissionError
from aml_magics.records.pipeline.definition import FromParameter, FromStep
from aml_magics.sdk.data.store.path import DataPath, DataPathComputeBinding
from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.port import InputPortBinding
from aml_magics.sdk.pipeline.step import PipelineStep, StepSequence
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep


@pytest.fixture(autouse=True)
def script(tmp_path):
    (tmp_path / "s.py").write_text("print(1)")


def step(name, **more):
    return PythonScriptStep("s.py", name=name, **more)


def names(pipeline):
    return [one.name for one in pipeline._definition().steps]


def test_steps_are_found_through_data_and_order(workspace):
    one, two = PipelineData("one"), PipelineData("two")
    first = step("first", outputs=[one])
    other = step("other")
    second = step("second", inputs=[one], outputs=[two])
    last = step("last", arguments=["--in", two.as_mount("renamed")])
    second.run_after(other)

    assert names(Pipeline(workspace, [last])) == ["other", "first", "second", "last"]
    assert names(Pipeline(workspace, last)) == ["other", "first", "second", "last"]
    assert names(Pipeline(workspace, [[first, [last]], second])) == [
        "first",
        "other",
        "second",
        "last",
    ]


def test_what_a_step_reads_is_bound_to_what_another_writes(workspace):
    data = PipelineData("data", output_name="written", pipeline_output_name="result")
    write = step("write", arguments=["--out", data], outputs=[data])
    read = step("read", arguments=["--in", data.as_download("read", "here")], inputs=[data])
    written, reading = Pipeline(workspace, [read])._definition().steps

    assert written.arguments == ("--out", "$AZUREML_DATAREFERENCE_written")
    assert written.outputs[0].pipeline_output == "result"
    assert written.outputs[0].part.datastore == workspace.get_default_datastore().name
    assert reading.arguments == ("--in", "$AZUREML_DATAREFERENCE_read")
    assert [(one.name, one.origin) for one in reading.inputs] == [
        ("data", FromStep(write._id, "written")),
        ("read", FromStep(write._id, "written")),
    ]
    assert reading.inputs[1].part.mechanism == "Download"
    assert reading.inputs[1].part.path_on_compute == "here"
    assert read.name == "read"


def test_an_output_config_is_known_by_its_copies(workspace):
    out = OutputFileDatasetConfig("out")
    write = step("write", arguments=[out.as_upload(overwrite=True)])
    rows = out.read_delimited_files()
    read = step("read", inputs=[out.as_input("files"), rows.as_input("rows")])
    written, reading = Pipeline(workspace, [write, read])._definition().steps

    assert written.arguments == ("DatasetOutputConfig:out",)
    files, table = reading.inputs
    assert (files.part.mechanism, files.origin) == ("Mount", FromStep(write._id, "out"))
    assert (table.part.mechanism, table.part.definition.format) == ("Direct", "delimited")


def test_the_writer_of_an_output_among_its_arguments_is_found(workspace):
    folder = OutputFileDatasetConfig("folder")
    step("write", arguments=["--out", folder.register_on_complete("kept")])
    read = step("read", arguments=["--in", folder.as_input("read")])

    assert names(Pipeline(workspace, [read])) == ["write", "read"]


def test_data_becomes_a_dataset_of_rows(workspace):
    data = PipelineData("data")
    write = step("write", outputs=[data])
    files = data.as_dataset()
    rows = files.parse_delimited_files(file_extension=".csv").keep_columns(["a"])
    files = files.register("kept").as_named_input("files").as_download("there")
    read = step("read", inputs=[rows.as_named_input("rows"), files], arguments=[files])
    written, reading = Pipeline(workspace, [read, write])._definition().steps
    table, folder = reading.inputs

    assert [one.register_as for one in written.outputs[0].part.results] == ["kept"]
    assert table.part.definition.locations[0].path == "**/*.csv"
    assert table.part.definition.steps == ({"transform": "keep_columns", "columns": ["a"]},)
    assert (folder.part.mechanism, folder.part.path_on_compute) == ("Download", "there")
    assert reading.arguments == ("DatasetConsumptionConfig:files",)
    with pytest.raises(PipelineError, match="file_extension is the end of a name"):
        data.as_dataset().parse_delimited_files(file_extension="*.csv")


def test_parameters_of_steps_are_those_of_the_pipeline(workspace, datastore, tmp_path):
    (tmp_path / "d.csv").write_text("a\n1\n")
    datastore.upload_files([str(tmp_path / "d.csv")], target_path="in")
    rate = PipelineParameter("rate", 0.1)
    path = PipelineParameter("path", DataPath(datastore, "in"))
    data = PipelineParameter("data", Dataset.File.from_files((datastore, "in/*.csv")))
    where = (path, DataPathComputeBinding(mode="download"))
    one = step(
        "one",
        arguments=["--rate", rate, where, DatasetConsumptionConfig("d", data)],
        inputs=[where],
        params={"own": rate},
    )
    found = Pipeline(workspace, [one])._definition()
    [written] = found.steps

    assert {each.name: each.type for each in found.parameters} == {
        "rate": "float",
        "path": "datapath",
        "data": "dataset",
    }
    assert written.arguments == (
        "--rate",
        "$AML_PARAMETER_rate",
        "$AZUREML_DATAREFERENCE_path",
        "DatasetConsumptionConfig:d",
    )
    assert {each.name: each.origin for each in written.inputs} == {
        "path": FromParameter("path"),
        "d": FromParameter("data"),
    }
    assert written.params == {"own": "$AML_PARAMETER_rate"}
    assert Pipeline(workspace, [one]).validate() == []


def test_steps_of_a_sequence_run_one_after_the_other(workspace):
    a, b, c, d = (step(name) for name in "abcd")
    pipeline = Pipeline(workspace, StepSequence([a, [b, c], d]))
    after = {one.name: set(one.run_after) for one in pipeline._definition().steps}

    assert after == {"a": set(), "b": {a._id}, "c": {a._id}, "d": {b._id, c._id}}
    assert "['a', 'b', 'c', 'd']" in repr(StepSequence([a, [b, c], d]))


def test_a_cycle_is_said_with_its_steps(workspace, capsys):
    a, b = step("a"), step("b")
    a.run_after(b)
    b.run_after([a])
    [said] = Pipeline(workspace, [a, b]).validate()

    assert "in a cycle: " in said
    assert said in capsys.readouterr().out
    with pytest.raises(PipelineError, match="in a cycle: b -> a -> b"):
        Experiment(workspace, "e").submit(Pipeline(workspace, [a, b]))


def test_an_output_has_one_writer(workspace):
    data = PipelineData("data")
    steps = [step("a", outputs=[data]), step("b", outputs=[data])]
    [said] = Pipeline(workspace, steps).validate()
    assert said == "Steps 'a' and 'b' both write 'data'; give each an output of its own."


def test_data_that_no_step_writes_is_said(workspace):
    [said] = Pipeline(workspace, [step("a", inputs=[PipelineData("data")])]).validate()
    assert "Step 'a' reads 'data', and no step of the pipeline writes it" in said


def test_a_step_that_is_connected_to_no_other_is_told_of(workspace, capsys):
    a, b, c = (step(name) for name in "abc")
    b.run_after(a)
    assert Pipeline(workspace, [a, b, c]).validate() == []
    assert capsys.readouterr().out == "Step c is connected to no other step.\n"


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: step("a", inputs="data"), "inputs is a list, not"),
        (lambda: step("a", inputs=[7]), "inputs has data, such as a PipelineData"),
        (lambda: step("a", outputs=["x"]), "outputs has data such as a PipelineData"),
        (lambda: step("a", arguments=[("x", 1)]), "a path is given with its binding"),
        (
            lambda: step("a", arguments=[("x", DataPathComputeBinding())]),
            "binds a DataPath or a PipelineParameter of one",
        ),
        (
            lambda: step("a", inputs=[InputPortBinding("x", OutputFileDatasetConfig("o"))]),
            "which is no data",
        ),
        (lambda: step("a", runconfig="local"), "runconfig is a RunConfiguration, not"),
        (
            lambda: step("a", runconfig_pipeline_params={"node_count": 2}),
            "'node_count' of a run configuration cannot be a parameter",
        ),
        (lambda: PipelineStep(7), "The name of a step is a text, not"),
        (lambda: step("a").run_after("b"), "runs after a step, not after"),
        (lambda: 7, "steps and lists of them, not"),
    ],
)
def test_what_is_no_step_or_no_data_is_refused(workspace, make, match):
    with pytest.raises(PipelineError, match=match):
        Pipeline(workspace, [make()])._definition()


def test_a_step_cannot_run_after_itself():
    one = step("a")
    with pytest.raises(PipelineError, match="cannot run after itself"):
        one.run_after(one)


def test_two_inputs_of_one_name_are_refused(workspace, datastore):
    data = PipelineData("data")
    one = step("one", outputs=[data])
    two = step("two", inputs=[data, data.as_download()])
    with pytest.raises(PipelineError, match="two inputs or outputs named 'data'"):
        Pipeline(workspace, [one, two])._definition()


def test_two_parameters_of_one_name_are_refused(workspace):
    words = [PipelineParameter("rate", value) for value in (1, 2)]
    with pytest.raises(PipelineError, match="Two parameters are named 'rate'"):
        Pipeline(workspace, [step("a", arguments=words)])._definition()


def test_a_default_datastore_is_one(workspace):
    with pytest.raises(PipelineError, match="default_datastore is a datastore"):
        Pipeline(workspace, [step("a")], default_datastore=7)


def test_a_submission_says_which_options_there_are(workspace):
    with pytest.raises(PipelineError, match="Did you mean 'regenerate_outputs'"):
        Experiment(workspace, "e").submit(Pipeline(workspace, [step("a")]), regenerate_output=True)
    with pytest.raises(PipelineError, match="pipeline_parameters are values by name"):
        Pipeline(workspace, [step("a")]).submit("e", pipeline_parameters=[1])
    with pytest.raises(PipelineError, match="has no parameter 'x'"):
        Pipeline(workspace, [step("a")]).submit("e", pipeline_parameters={"x": 1})


def test_a_missing_script_is_refused(workspace, tmp_path):
    one = PythonScriptStep("none.py", source_directory=str(tmp_path))
    with pytest.raises(SubmissionError, match="There is no script 'none"):
        Pipeline(workspace, [one]).submit("e")


def test_a_run_configuration_gives_target_variables_and_data(workspace):
    configuration = RunConfiguration()
    configuration.target = "pool"
    rate = PipelineParameter("rate", 1)
    configuration.environment_variables = {"A": "b", "RATE": rate}
    [found] = Pipeline(workspace, [step("a", runconfig=configuration)])._definition().steps

    assert found.target == "pool"
    assert found.run.variables == {"A": "b", "RATE": "$AML_PARAMETER_rate"}
    [other] = Pipeline(workspace, [step("a", compute_target="other")])._definition().steps
    assert other.target == "other"


def test_the_graph_has_nodes_and_edges(workspace):
    data = PipelineData("data")
    a, b = step("a", outputs=[data]), step("b", inputs=[data])
    graph = Pipeline(workspace, [a, b]).graph
    [edge] = graph.edges

    assert [one.name for one in graph.nodes] == ["a", "b"]
    assert (edge.source, edge.output, edge.target, edge.input) == (a._id, "data", b._id, "data")
    assert a.create_node(graph, None, None).get_output("data") == "data"
    assert repr(graph) == "Graph(2 nodes, 1 edges)"
    with pytest.raises(PipelineError, match="has no output 'date'"):
        graph.get_node(a._id).get_output("date")
    with pytest.raises(PipelineError, match="has no node 'x'"):
        graph.get_node("x")
