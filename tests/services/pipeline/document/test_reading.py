"""Pipelines that people write by hand, and what they are told of their mistakes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import DataFolder, DataInput
from aml_magics.records.pipeline.definition import FromDataset, FromParameter, FromStep
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.tree import PipelineDocumentError
from aml_magics.services.pipeline.document.writing import written

# The keys are those of Azure's reference of pipelines in YAML.
AZURE = r"""
pipeline:
    name: Titanic
    description: Two steps
    parameters:
        Rounds:
            type: int
            default: 40
        Raw:
            type: datapath
            default:
                datastore: store
                path_on_datastore: raw.txt
    data_references:
        Passengers:
            dataset_name: 'passengers'
            bind_mode: download
        Folder:
            datastore: store
            path_on_datastore: some/folder
    default_compute: cpu-cluster
    steps:
        Prepare:
            type: "PythonScriptStep"
            name: "Prepare it"
            compute: other
            runconfig: ".\\default_runconfig.yml"
            script_name: "prepare.py"
            source_directory: "scripts"
            arguments:
            - '--train'
            - output:train
            - '--rounds'
            - parameter:Rounds
            - --rate
            - 0.10
            - parameter:SEVEN
            parameters:
                AGAIN:
                    source: Rounds
                SEVEN: 7
            allow_reuse: False
            inputs:
                passengers:
                    source: Passengers
                raw:
                    source: Raw
                folder:
                    source: Folder
                    bind_mode: mount
            outputs:
                train:
                    destination: train_csv
                    datastore: store
                    bind_mode: upload
        Train:
            type: "PythonScriptStep"
            script_name: "train.py"
            arguments: ["--train", "input:train"]
            inputs:
                train:
                    source: train_csv
                    bind_mode: download
"""


def test_a_document_in_azures_form_is_read() -> None:
    document = read(AZURE)
    pipeline = document.definition
    prepare, train = pipeline.steps

    assert (pipeline.name, pipeline.description, pipeline.target) == (
        "Titanic",
        "Two steps",
        "cpu-cluster",
    )
    assert [(one.name, one.type, one.default) for one in pipeline.parameters] == [
        ("Rounds", "int", 40),
        ("Raw", "datapath", {"datastore": "store", "path": "raw.txt"}),
    ]
    assert (prepare.id, prepare.name, prepare.kind, prepare.target) == (
        *("Prepare", "Prepare it", "python_script", "other"),
    )
    assert prepare.settings == {"script_name": "prepare.py"}
    assert prepare.arguments == (
        *("--train", "$AZUREML_DATAREFERENCE_train", "--rounds", "$AML_PARAMETER_Rounds"),
        *("--rate", "0.10", "7"),
    )
    assert prepare.params == {"AGAIN": "$AML_PARAMETER_Rounds", "SEVEN": "7"}
    assert [one.origin for one in prepare.inputs] == [
        FromDataset("passengers"),
        FromParameter("Raw"),
        None,
    ]
    assert [one.part for one in prepare.inputs] == [
        DataInput("passengers", "Download"),
        DataFolder("raw", ""),
        DataFolder("folder", "store", "some/folder"),
    ]
    assert not prepare.allow_reuse
    assert train.inputs[0].origin == FromStep("Prepare", "train")
    assert train.inputs[0].part.mechanism == "Download"
    assert (train.name, train.before) == ("Train", {"Prepare"})
    assert document.runconfigs == {"Prepare": ".\\default_runconfig.yml"}
    assert document.lines["Train"] == AZURE.splitlines().index("        Train:") + 2
    assert read(written(pipeline)).definition == pipeline


def test_the_tree_of_a_document_is_what_is_written() -> None:
    tree = read(AZURE).tree

    assert tree["pipeline"]["steps"]["Prepare"]["arguments"][-2:] == ["0.10", "parameter:SEVEN"]
    assert tree["pipeline"]["steps"]["Prepare"]["parameters"]["SEVEN"] == "7"
    assert tree["pipeline"]["parameters"]["Rounds"] == {"type": "int", "default": 40}


def test_a_pipeline_without_steps_is_read() -> None:
    assert read("pipeline:\n  name: x\n").definition.steps == ()


def test_an_alias_stands_for_what_it_names() -> None:
    steps = read(
        "pipeline:\n  steps:\n    a: &a {type: CommandStep, command: [x]}\n    b: *a\n"
    ).definition.steps

    assert [(one.id, one.settings) for one in steps] == [
        ("a", {"command": ["x"]}),
        ("b", {"command": ["x"]}),
    ]


def test_no_setting_of_a_kind_hides_a_key_of_all_steps() -> None:
    for name in STEPS.names():
        assert set(STEPS.load(name).settings).isdisjoint(form.STEP_KEYS), name


def test_side_inputs_stand_apart() -> None:
    text = (
        "pipeline:\n  data_references: {d: {datastore: s, path_on_datastore: p}}\n  steps:\n    a:\n"
        "      type: ParallelRunStep\n      inputs: {x: {source: d}}\n      side_inputs: {y: {source: d}}\n"
    )
    pipeline = read(text).definition
    (one,) = pipeline.steps

    assert [each.name for each in one.inputs] == ["x", "y"]
    assert one.settings == {"side_inputs": ["y"]}
    assert read(written(pipeline)).definition == pipeline
    with pytest.raises(PipelineDocumentError, match="has no key 'side_inputs'"):
        read(text.replace("ParallelRunStep", "CommandStep"))


def step(text: str, head: str = "") -> str:
    body = dedent(text).strip().replace("\n", "\n      ")
    return f"pipeline:\n{head}  steps:\n    a:\n      type: CommandStep\n      command: [x]\n      {body}\n"


BOMB = "x: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 10)}]\n" for at in range(7)
)
PARAMETERS = "  parameters: {n: {type: int, default: 1}}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There is nothing in this file"),
        ("[1, 2]", "Line 1: the document is a mapping that begins with 'pipeline:', not a list"),
        ("pipeline:", "Line 1: The document has no 'pipeline', or nothing below it"),
        ("pipelin: {}", "Line 1: the document has no key 'pipelin'. Did you mean 'pipeline'"),
        ("aml_magics: 1\nlayout: {}", "has no 'pipeline'"),
        ("aml_magics: 99\nsteps: {}", r"Line 1: This pipeline was written by a newer version .* \(form 99; up to 1"),
        ("aml_magics: x\n", "Line 1: the document.aml_magics is a whole number from 1, not 'x'"),
        ("a: b: c", "Line 1: This is no YAML that can be read: mapping values are not allowed"),
        ("pipeline:\n  name: 'x\n", "Line [23]: This is no YAML that can be read"),
        ("pipeline:\n  name: a\x00b\n", "Line 2: This is no YAML that can be read"),
        ("a: 1\n---\nb: 2", "This is no YAML .* single document"),
        ("pipeline: {name: *x}", "undefined alias"),
        ("pipeline: {name: !!python/object:os.system x}", "Line 1: .*name is a text"),
        ("pipeline:\n  default_compute: !foo bar", "Line 2: .*default_compute is a text, not 'bar'"),
        ("[" * 500, "Line 1: A pipeline's YAML has at most 40 levels"),
        (BOMB, "The aliases of a pipeline's YAML stand for at most 400,000 values"),
        ("a: &a [*a]", "in 40 levels"),
        ("pipeline: {? [1] : 2}", "A key of the document.pipeline is a text"),
        ("pipeline:\n  name: a\n  name: b", "Line 3: .* has the key 'name' twice, first in line 2; keep one"),
        ("pipeline:\n  name: 5", "Line 2: .*name is a text, not '5'; write it in quotes"),
        ("pipeline:\n  name: []", "Line 2: .*name is a text, not a list"),
        ("pipeline:\n  continue_on_step_failure: perhaps", "Line 2: .* is true or false, not 'perhaps'"),
        ("pipeline:\n  steps: [a]", "Line 2: .*steps is a mapping of names to values, not a list"),
        ("pipeline:\n  parameters: {n: {default: 1}}", "Line 2: .*n has no 'type'; it is one of string, int"),
        ("pipeline:\n  parameters: {n: {type: inte}}", "Line 2: .*type is one of string, int, .* not 'inte'"),
        ("pipeline:\n  parameters: {n: {type: int, default: x}}", "is a whole number from -9007199254740992, not 'x'"),
        (f"pipeline:\n  parameters: {{n: {{type: int, default: {10**20}}}}}", "a number up to 9,007,199,254,740,992"),
        ("pipeline:\n  parameters: {n: {type: float, default: .inf}}", "is a finite number, not '.inf'"),
        ("pipeline:\n  parameters: {n: {type: float, default: x}}", "default is a number, not 'x'"),
        ("pipeline:\n  parameters: {n: {type: bool, default: 1}}", "default is true or false, not '1'"),
        ("pipeline:\n  data_references: {d: {}}", "Line 2: .*d names no data; give datastore"),
        ("pipeline:\n  data_references: {d: {dataset_name: x, datastore: y}}", "names a registered dataset and other"),
        ("pipeline:\n  data_references: {d: {dataset_name: x, dataset_version: 0}}", "Line 2: .*dataset_version is a whole number from 1"),
        ("pipeline:\n  steps:\n    a: {name: x}", "Line 3: Step 'a' has no 'type'; write one"),
        ("pipeline:\n  steps:\n    a: {type: CommandStp}", "Line 3: There is no kind of step 'CommandStp'. Did you mean"),
        ("pipeline:\n  steps:\n    '': {type: CommandStep}", "Line 3: The key of a step is 1 to 255 printable"),
        (step("scirpt: x"), "Line 6: .*steps.a has no key 'scirpt'"),
        (step("retries: -1"), "Line 6: .*retries is a whole number from 0, not '-1'"),
        (step("allow_reuse: maybe"), "Line 6: .*allow_reuse is true or false"),
        (step("run_after: [b]"), "Line 6: Step 'a' runs after 'b', and there is no such step"),
        (step("arguments: [1, [2]]"), r"Line 6: .*arguments\[1\] is a single value, not a list"),
        (step("arguments: ['input:x']"), "Line 6: .* the step has no input 'x'. The word itself is written"),
        (step("parameters: {P: {source: m}}", PARAMETERS), "the pipeline has no such parameter"),
        (step("inputs: {i: {source: n}}", PARAMETERS), "is the parameter 'n' of type int; data comes from"),
        (step("inputs: {i: {source: nowhere}}"), "Line 6: .* is 'nowhere', which no output, data reference or parameter"),
        (step("inputs: {i: {bind_mode: copy}}"), "bind_mode is one of Mount, Download, Upload, not 'copy'"),
        (step("inputs: {i: {dataset_name: x}}"), "put it among the data_references"),
        (step("inputs: {i: {dataset_id: x, datastore: y}}"), "is a dataset, which has no datastore"),
        (step("inputs: {i: {dataset_id: x, as_dataset: false}}"), "is a folder, and a dataset"),
        (step("inputs: {i: {definition: {kind: file}}}"), "definition is the definition of a dataset, not a mapping"),
        (step("inputs: {'../x': {}}"), "Line 6: The name of an input is 1 to 255 letters"),
        (step("outputs: {o: {destination: n}}", PARAMETERS), "writes 'n', and a parameter has that name"),
        (step("outputs: {o: {destination: d}, p: {destination: d}}"), "both write 'd'; give one another destination"),
        (step("outputs: {o: {training_output: 3}}"), "training_output is a mapping, not '3'"),
        (step("outputs: {o: {datasets: [{tags: 3}]}}"), "tags is a mapping, not '3'"),
        (step("run: {nodes: 0}"), "nodes is a whole number from 1, not '0'"),
        (step("run: {distribution: {framework: horovod}}"), "framework is one of mpi, pytorch, tensorflow"),
        (step("run: {max_seconds: soon}"), "max_seconds is a number, not 'soon'"),
        ("pipeline: {name: x}\nlayout: {a: [1, 2]}", "Line 2: The layout places 'a', and there is no such step"),
        (step("retries: 1") + "layout: {a: [1]}", r"layout.a is \[x, y\], in pixels, not a list"),
        (step("retries: 1") + "layout: {a: 3}", "layout.a is a list, not '3'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(PipelineDocumentError, match=problem) as caught:
        read(text)
    assert (caught.value.line is None) == (not str(caught.value).startswith("Line "))
    assert len(str(caught.value)) < 700


def test_a_document_without_end_is_refused_at_once() -> None:
    with pytest.raises(PipelineDocumentError, match="at most 4,000,000 characters, not 4,000,001"):
        read("x" * 4_000_001)
    with pytest.raises(PipelineDocumentError, match="at most 400,000 values"):
        read("[" + "1," * 500_000 + "]")


def test_the_line_of_an_error_can_be_asked_for() -> None:
    with pytest.raises(PipelineDocumentError) as caught:
        read("pipeline:\n\n  nam: x\n")
    assert caught.value.line == 3
