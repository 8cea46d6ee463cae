"""Copies between datastores as steps."""

from __future__ import annotations

import pytest

from aml_magics import Datastore
from aml_magics.errors import PipelineError
from aml_magics.sdk.compute.attached import DataFactoryCompute
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.store.reference import DataReference, SqlDataReference
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.data_transfer_step import DataTransferStep
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep


@pytest.fixture
def stores(scripts, tmp_path):
    """Two datastores; the first has ``raw/a.txt``, ``raw/below/b.txt``."""
    made = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        made.append(Datastore.register_url(scripts.workspace, name, str(tmp_path / name)))
    for name in ("raw/a.txt", "raw/below/b.txt"):
        path = tmp_path / "here" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return made


def files(folder):
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def run_of(scripts, *steps):
    run = scripts.submit(Pipeline(scripts.workspace, list(steps)))
    run.wait_for_completion(show_output=False, raise_on_error=False)
    return run


def reference(store, name, path):
    return DataReference(store, name, path)


def test_a_folder_is_copied_and_read_by_a_later_step(scripts, stores, tmp_path, source):
    here, there = stores
    step = DataTransferStep(
        "copy", reference(here, "raw", "raw"), reference(there, "copied", "got/raw")
    )
    data = step.get_output()
    folder = source("import os, sys; print(sorted(os.listdir(sys.argv[1])))")
    read = PythonScriptStep("train.py", source_directory=folder, arguments=[data], inputs=[data])
    run = run_of(scripts, read)

    assert run.get_status() == "Finished"
    assert files(tmp_path / "there") == ["got/raw/a.txt", "got/raw/below/b.txt"]
    assert "['a.txt', 'below']" in run.find_step_run("train.py")[0].get_stdout_log()
    assert (
        "2 files, 24 bytes: to got/raw in there." in run.find_step_run("copy")[0].get_stdout_log()
    )


def test_it_is_done_again_only_when_the_source_changed_or_the_copy_is_gone(
    scripts, stores, tmp_path
):
    here, there = stores
    step = DataTransferStep("copy", reference(here, "raw", "raw"), reference(there, "got", "got"))

    def decision():
        [copied] = run_of(scripts, step).find_step_run("copy")
        return copied.get_properties().get("azureml.isreused", "false")

    assert [decision(), decision()] == ["false", "true"]
    (tmp_path / "here" / "raw" / "a.txt").write_text("changed")
    assert [decision(), decision()] == ["false", "true"]
    assert (tmp_path / "there" / "got" / "a.txt").read_text() == "changed"
    (tmp_path / "there" / "got" / "a.txt").unlink()
    assert decision() == "false"
    assert (tmp_path / "there" / "got" / "a.txt").exists()


@pytest.mark.parametrize(
    ("there_is", "to", "found"),
    [
        (None, None, "got"),
        (None, "file", "got"),
        (None, "directory", "got/a.txt"),
        ("got", None, "got"),
        ("got/x", None, "got/a.txt"),
    ],
)
def test_a_file_goes_to_a_file_or_into_a_folder(scripts, stores, tmp_path, there_is, to, found):
    here, there = stores
    if there_is:
        path = tmp_path / "there" / there_is
        path.parent.mkdir(exist_ok=True)
        path.write_text("old")
    step = DataTransferStep(
        "copy",
        reference(here, "raw", "raw/a.txt"),
        reference(there, "got", "got"),
        source_reference_type="file",
        destination_reference_type=to,
    )
    assert run_of(scripts, step).get_status() == "Finished"
    assert (tmp_path / "there" / found).read_text() == "raw/a.txt"


def test_it_copies_to_a_bucket_and_from_it_to_data_of_the_pipeline(scripts, stores, tmp_path, s3):
    here, _ = stores
    bucket = Datastore.register_url(
        scripts.workspace, "bucket", s3.url, storage_options=s3.storage_options
    )
    up = DataTransferStep("up", reference(here, "raw", "raw"), reference(bucket, "up", "a/b"))
    back = PipelineData("back", datastore=here)
    down = DataTransferStep("down", up.get_output(), back)
    run = run_of(scripts, down)

    assert run.get_status() == "Finished"
    assert {"a/b/a.txt", "a/b/below/b.txt"} <= {
        path.removeprefix("/") for path in Dataset.File.from_files((bucket, "**")).to_path()
    }
    [done] = run.find_step_run("down")
    assert files(tmp_path / "here" / "azureml" / done.id / "back") == ["a.txt", "below/b.txt"]


def test_a_dataset_is_copied_and_becomes_one(scripts, stores):
    here, there = stores
    dataset = Dataset.File.from_files((here, "raw"))
    made = OutputFileDatasetConfig("copied", (there, "set")).register_on_complete("copied")
    step = DataTransferStep("copy", dataset.as_named_input("raw").as_mount(), made)

    assert run_of(scripts, step).get_status() == "Finished"
    assert Dataset.get_by_name(scripts.workspace, "copied").to_path() == ["/a.txt", "/below/b.txt"]


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("raw", "file", "The source is a directory, and source_reference_type is 'file'"),
        ("raw", None, "'got' in 'there' is a file"),
    ],
)
def test_what_cannot_be_copied_fails_the_step(scripts, stores, tmp_path, path, form, said):
    here, there = stores
    (tmp_path / "there" / "got").write_text("a file")
    step = DataTransferStep(
        "copy",
        reference(here, "raw", path),
        reference(there, "got", "got"),
        source_reference_type=form,
    )
    run = run_of(scripts, step)
    assert run.get_status() == "Failed"
    assert said in run.find_step_run("copy")[0].get_stderr_log()


def test_a_data_factory_is_accepted_and_no_other_target(scripts, stores):
    here, there = stores
    places = (reference(here, "raw", "raw"), reference(there, "got", "got"))
    factory = ComputeTarget.create(
        scripts.workspace, "factory", DataFactoryCompute.provisioning_configuration()
    )
    assert run_of(scripts, DataTransferStep("a", *places, factory)).get_status() == "Finished"
    with pytest.raises(PipelineError, match="compute_target is a DataFactoryCompute, or None"):
        DataTransferStep("a", *places, compute_target=3)


def test_a_place_that_has_no_files_is_refused(scripts, stores):
    here, _ = stores
    base = Datastore.register_azure_sql_database(
        scripts.workspace, "base", "server", "db", username="u", password="p"
    )
    raw = reference(here, "raw", "raw")
    with pytest.raises(PipelineError, match="is in the database 'base', and only files are"):
        DataTransferStep("a", SqlDataReference(base, "t", sql_table="t"), raw)
    with pytest.raises(PipelineError, match="destination_data_reference is in the database 'base'"):
        DataTransferStep("a", raw, DataReference(base, "t"))
    with pytest.raises(PipelineError, match="needs source_data_reference"):
        DataTransferStep("a", None, raw)
    with pytest.raises(PipelineError, match="is a DataReference, such as"):
        DataTransferStep("a", raw, "folder")
