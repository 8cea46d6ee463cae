"""The code of data: rows of outputs, registered results, parameters of paths; it is executed, and makes the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import Workspace
from aml_magics.errors import PipelineError
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.command_step import CommandStep
from aml_magics.services.pipeline.document.python_code import python_code
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.writing import with_keys, written

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition

STORE = "workspaceblobstore"
ROWS = (
    "format: delimited, options: {separator: ';', header: no_headers, encoding: utf8, multi_line: false, "
    "infer_types: true, types: {}, include_path: true, empty_as_string: false}"
)
PARQUET = "format: parquet, options: {types: {}, include_path: false}"
KEPT = "{transform: keep_columns, columns: [a, b]}, {transform: drop_columns, columns: [b]}"
STEPS = f"[{KEPT}, {{transform: split, low: 0.0, high: 0.7, seed: 3}}]"
REST = "[{transform: split, low: 0.7, high: 1.0, seed: 3}]"


def steps_of(code: str) -> tuple[StepDefinition, ...]:
    names: dict[str, Any] = {}
    exec(code, names)
    return plain(with_keys(names["pipeline"]._definition()))


def plain(definition: PipelineDefinition) -> tuple[StepDefinition, ...]:
    return tuple(
        replace(one, run=replace(one.run, definition={}), name="") for one in definition.steps
    )


def check_same(workspace: Workspace, definition: PipelineDefinition) -> str:
    code = python_code(workspace.store, definition)
    assert steps_of(code) == plain(definition), code
    return code


def writer_and_reader(output: str, inputs: str, head: str = "") -> PipelineDefinition:
    return read(
        f"pipeline: {{{head}steps: {{a: {{type: CommandStep, command: [w], outputs: {{o: {{{output}}}}}}}, "
        f"b: {{type: CommandStep, command: [r], inputs: {{{inputs}}}}}}}}}"
    ).definition


@pytest.mark.parametrize(
    ("output", "inputs"),
    [
        ("datasets: [{}]", "i: {source: o, bind_mode: mount}"),
        ("datasets: [{}]", "i: {source: o}"),  # seen as a dataset
        ("datasets: [{}]", "i: {source: o, bind_mode: download, path_on_compute: data/in}"),
        (
            ("datasets: [{register_as: kept, description: All, tags: {by: me}}], bind_mode: upload, "
            "overwrite: false, globs: ['*.csv', '*.txt']"),
            "i: {source: o}",
        ),
        (f"datasets: [{{register_as: rows, {ROWS}, glob: '*.csv'}}]", "i: {source: o}"),
        (
            "datasets: [{partition_format: '{year:yyyy}/{name}'}], path_on_compute: made",
            "i: {source: o}",
        ),
        (
            (f"datasets: [{{}}, {{register_as: rows, {ROWS}}}, "
            "{register_as: fast, format: parquet, options: {types: {}, include_path: false}}]"),
            "i: {source: o}, rows: {source: o_2}, fast: {source: o_3}",
        ),
        (f"datasets: [{{{PARQUET}, steps: {STEPS}}}]", "i: {source: o}"),
        (f"datasets: [{{{PARQUET}, steps: {REST}}}]", "i: {source: o}"),
        ("pipeline_output: all, bind_mode: upload, overwrite: false", "i: {source: o}"),
        ("", "i: {source: o, bind_mode: download, path_on_compute: x, overwrite: true}"),
    ],
)  # fmt: skip
def test_an_output_and_what_reads_it_are_the_same(output: str, inputs: str) -> None:
    place = ", path_on_datastore: 'made/{run-id}'" if "datasets" in output else ""
    check_same(Workspace.create("w"), writer_and_reader(output + place, inputs))


def test_types_of_columns_are_written_as_data_types() -> None:
    types = (
        "{a: integer, b: {type: datetime, formats: ['%Y']}, c: {type: decimal, decimal_mark: ','}, d: string, e: boolean, "
        "f: {type: boolean, true_values: [y], false_values: [n]}}"
    )
    rows = f"format: parquet, options: {{types: {types}, include_path: false}}"
    definition = writer_and_reader(f"path_on_datastore: made, datasets: [{{{rows}}}]", "i: {source: o}")  # fmt: skip
    code = check_same(Workspace.create("w"), definition)
    assert "'b': DataType.to_datetime(formats=['%Y'])" in code


def test_rows_that_only_a_reader_makes_are_read_by_it() -> None:
    workspace = Workspace.create("w")
    data, files = PipelineData("data"), OutputFileDatasetConfig("files", (workspace.get_default_datastore(), "f"))  # fmt: skip
    readers = [
        data.as_dataset().as_named_input("files_of_it"),
        data.as_dataset().as_named_input("seen").as_direct(),
        data.as_dataset().parse_delimited_files(file_extension=".csv", quoted_line_breaks=True).as_named_input("rows"),
        data.as_dataset().parse_parquet_files().keep_columns(["a"]).as_named_input("fast"),
        files.read_delimited_files(header=False).as_input("rows_of_files"),
        files.as_input("plain"),
    ]  # fmt: skip
    write = CommandStep(["w"], name="write", outputs=[data, files])
    read_all = CommandStep(["r"], name="read_all", inputs=readers)
    definition = with_keys(Pipeline(workspace, [write, read_all])._definition())

    check_same(workspace, definition)
    check_same(workspace, read(written(definition)).definition)


def test_a_path_of_a_parameter_may_have_another_name_in_a_step() -> None:
    head = f"parameters: {{p: {{type: datapath, default: {{datastore: {STORE}, path_on_datastore: raw}}}}}}, "
    inputs = "p: {source: p}, other: {source: p, bind_mode: download, path_on_compute: x}"
    check_same(Workspace.create("w"), writer_and_reader("", inputs, head))


def test_what_a_submission_says_is_a_comment() -> None:
    head = "continue_on_step_failure: true, "
    code = python_code(Workspace.create("w").store, writer_and_reader("", "i: {source: o}", head))
    assert "continue_on_step_failure=True\npipeline" in code


@pytest.mark.parametrize(
    ("output", "inputs", "problem"),
    [
        ("datasets: [{glob: '*.csv'}]", "", "files that are chosen by a pattern"),
        ("datasets: [{format: parquet, options: {types: {a: x}}}]", "", "the type 'x' of column 'a'"),
        ("datasets: [{format: delimited, options: {encoding: latin1}}]", "", "encoding='latin1'"),
        ("datasets: [{format: parquet, steps: [{transform: sample}]}]", "", "rows that 'sample' changes"),
        ("datasets: [{partition_format: '{a}'}, {}]", "", "parted in several ways"),
        ("datasets: [{}], bind_mode: link", "", "no folder of its own"),
        ("datasets: [{}], globs: [x]", "", "is mounted, and chooses or keeps files"),
        ("datasets: [{}], pipeline_output: p", "", "of which datasets are made and which the pipeline"),
        ("path_on_datastore: x", "", "a path or patterns of its own"),
        ("datasets: [{}]", "i: {source: o, as_dataset: false}", "the folder of an output of which a dataset is made"),
        ("", "i: {as_dataset: true}", "input 'i' without data"),
    ],
)  # fmt: skip
def test_data_without_a_line_of_code_is_said(output: str, inputs: str, problem: str) -> None:
    definition = writer_and_reader(output, inputs)
    with pytest.raises(
        PipelineError, match=f"{problem}.*, for which no code is written; .*load_yaml"
    ):
        python_code(Workspace.create("w").store, definition)


def test_a_pattern_that_no_extension_says_is_said() -> None:
    rows = "definition: {kind: tabular, locations: [{path: 'a/*.csv'}], format: delimited, options: {}, steps: []}"
    definition = writer_and_reader("", f"i: {{source: o, as_dataset: true, {rows}}}")
    with pytest.raises(PipelineError, match=r"chosen by the pattern 'a/\*.csv'"):
        python_code(Workspace.create("w").store, definition)
