from __future__ import annotations

import json
import shutil
import socket

import pytest

from aml_magics.records.data.data_use import (
    DataFolder,
    DataInput,
    DataOutput,
    DataUse,
    OutputResult,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.status import RunStatus
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.job import submission
from aml_magics.services.run import artifact
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME, read_log
from tests.fixtures.datastore_files import put, root_of
from tests.workers.conftest import ended, until

STORE = "workspaceblobstore"
TELL = """
import json, os, sys
from azureml.core import Run
run = Run.get_context()
"""


@pytest.fixture
def data(store):
    """Two files below ``data`` of the default datastore."""
    return put(store, {"data/a.csv": "a,b\n1,2\n", "data/b.csv": "a,b\n3,4\n"})


def files(path="data/*.csv"):
    return Definition("file", (Location(path, STORE),))


def rows(path="data/*.csv"):
    return Definition("tabular", (Location(path, STORE),), "delimited")


def submitted(store, submit, code, *words, **data):
    """The run when it has ended, and what it printed as JSON in its last line."""
    run = ended(store, submit(TELL + code, *words, data=DataUse(**data)))
    log = read_log(store, run)
    last = (log.strip().splitlines() or [""])[-1]
    is_told = run.status is RunStatus.COMPLETED and last.startswith(("[", '"'))
    return run, json.loads(last) if is_told else log


def test_a_direct_input_is_an_id_as_an_argument_and_a_dataset_in_the_run(store, submit, data):
    kept = dataset.register(store, rows(), "raw")
    code = """
from azureml.core import Dataset
taken = run.input_datasets["x"]
again = Dataset.get_by_id(run.experiment.workspace, sys.argv[2])
print(json.dumps([sys.argv[1:], type(taken).__name__, taken.id, taken.name, again.id,
    os.environ["x"], os.environ["X"], os.environ["AZUREML_DATASET_ENVIRONMENT_VARS"], list(run.input_datasets)]))
"""
    run, found = submitted(
        store,
        submit,
        code,
        "--in",
        "DatasetConsumptionConfig:x",
        inputs=(DataInput("x", dataset=kept.id),),
    )

    assert found == [
        ["--in", kept.id],
        *("TabularDataset", kept.id, "raw", kept.id, kept.id, kept.id),
        *("x:Direct", ["x"]),
    ]
    assert run.params == {"in": "raw:1"}


@pytest.mark.parametrize("mechanism", ["Mount", "Download"])
@pytest.mark.parametrize("place", [None, "deep/data", "/tmp/somewhere"])
def test_files_lie_directly_at_the_path_that_the_script_gets(store, submit, data, mechanism, place):
    code = """
import glob
path = run.input_datasets["x"]
same = path == sys.argv[1] == os.environ["x"] == os.environ["AZUREML_DATAREFERENCE_x"]
texts = [open(name).read() for name in sorted(glob.glob(path + "/*.csv"))]
print(json.dumps([same, os.path.relpath(path), sorted(os.listdir(path)), texts,
    os.environ["AZUREML_DATASET_ENVIRONMENT_VARS"]]))
"""
    kept = dataset.save(store, files())
    given = DataInput("x", mechanism, kept.id, place)
    run, found = submitted(store, submit, code, "DatasetConsumptionConfig:x", inputs=(given,))

    is_same, path, names, texts, modes = found
    assert is_same
    assert path == place or (place != "deep/data" and path.startswith(".aml_magics_data/"))
    assert names == ["a.csv", "b.csv"]
    assert texts == ["a,b\n1,2\n", "a,b\n3,4\n"]
    assert modes == f"x:{mechanism}"
    [(use, record)] = dataset.uses_of(store, run)
    assert (use.role, use.name, use.mechanism, record.id) == ("input", "x", mechanism, kept.id)
    assert use.path.endswith(path)
    assert [one.name for one in artifact.files(store, run)] == [DRIVER_LOG, LOG_NAME]


def test_a_single_file_that_is_mounted_is_the_path_of_the_file(store, submit, data):
    given = DataInput("x", "Mount", definition=files("data/a.csv"))
    _, found = submitted(
        store,
        submit,
        "print(json.dumps(open(sys.argv[1]).read()))",
        "DatasetConsumptionConfig:x",
        inputs=(given,),
    )

    assert found == "a,b\n1,2\n"


def test_a_script_that_changes_its_download_leaves_the_datastore_alone(store, submit, data):
    code = "open(sys.argv[1] + '/a.csv', 'w').write('changed'); print(json.dumps('done'))"
    given = DataInput("x", "Download", definition=files())

    _, found = submitted(store, submit, code, "DatasetConsumptionConfig:x", inputs=(given,))

    assert found == "done"
    assert (data / "data/a.csv").read_text() == "a,b\n1,2\n"


def test_a_command_gets_its_data_too(store, submit_to, data, tmp_path):
    (tmp_path / "f").mkdir()
    wanted = submission.Submission(
        tmp_path / "f",
        command=("cat", "DatasetConsumptionConfig:x"),
        data=DataUse((DataInput("x", "Mount", definition=files("data/b.csv")),)),
    )
    run = ended(store, submission.submit(store, "commands", wanted)[0])

    assert read_log(store, run) == "a,b\n3,4\n"


@pytest.mark.parametrize("given", ["Mount", "Download"])
def test_data_that_is_gone_fails_the_run_before_its_script(store, submit, data, given):
    kept = dataset.save(store, files())
    shutil.rmtree(data / "data")
    one = DataInput("x", given, kept.id)
    run, log = submitted(store, submit, "print('begun')", inputs=(one,))

    assert run.status is RunStatus.FAILED
    assert run.error.code == "DataNotFoundError"
    assert "data/*.csv" in run.reason
    assert run.error.traceback == ""
    assert "begun" not in log


def test_a_file_that_changed_under_a_registered_version_is_told_in_the_log(store, submit, data):
    kept = dataset.register(store, files(), "raw")
    put(store, {"data/a.csv": "other contents"})
    one = DataInput("x", "Download", kept.id)
    run, _ = submitted(store, submit, "", inputs=(one,))

    assert run.status is RunStatus.COMPLETED
    said = read_log(store, run)
    assert "Input 'x': files changed since its dataset was kept: " in said
    assert "a.csv" in said
    assert "b.csv" not in said


def test_data_is_not_mounted_over_what_was_submitted(store, submit, data):
    one = DataInput("x", "Mount", path_on_compute="script.py", definition=files())
    run, _ = submitted(store, submit, "", inputs=(one,))

    assert run.status is RunStatus.FAILED
    assert "Data cannot be mounted at 'script.py'" in run.reason
    two = DataInput("x", "Download", path_on_compute="script.py/deep", definition=files())
    run, _ = submitted(store, submit, "", inputs=(two,))
    assert "There can be no folder 'script.py" in run.reason


def test_a_data_reference_is_a_folder_where_the_script_works(store, submit, data):
    code = """
path = sys.argv[2]
print(json.dumps([sorted(os.listdir(path)), os.path.relpath(path), os.environ["AZUREML_DATAREFERENCE_ref"] == path]))
"""
    word = "$AZUREML_DATAREFERENCE_ref"
    one = DataFolder("ref", STORE, "data", "Download", "diabetes_data")
    run, found = submitted(store, submit, code, "--data", word, folders=(one,))

    assert found == [["a.csv", "b.csv"], "diabetes_data", True]
    assert run.params == {"data": "workspaceblobstore/data"}  # what people call it
    mounted = DataFolder("ref", STORE, "data", "Mount")
    assert submitted(store, submit, code, "--data", word, folders=(mounted,))[1][0] == [
        "a.csv",
        "b.csv",
    ]
    single = DataFolder("ref", STORE, "data/a.csv", "Download")
    code = "print(json.dumps(open(sys.argv[1]).read()))"
    assert submitted(store, submit, code, word, folders=(single,))[1] == "a,b\n1,2\n"


def test_a_data_reference_to_upload_goes_to_the_datastore_when_the_script_has_completed(
    store, submit
):
    one = DataFolder("ref", STORE, "made", "Upload", "here")
    code = "os.makedirs('here/deep'); open(sys.argv[1] + '/deep/x.txt', 'w').write('x')"
    word = "$AZUREML_DATAREFERENCE_ref"
    submitted(store, submit, code + "; sys.exit(1)", word, folders=(one,))

    assert not (root_of(store) / "made").exists()
    submitted(store, submit, code, word, folders=(one,))
    assert (root_of(store) / "made/deep/x.txt").read_text() == "x"


def test_an_output_goes_to_its_destination_and_becomes_a_dataset(store, submit):
    output = DataOutput("out", STORE, "results/{run-id}/{output-name}")
    code = """
folder = sys.argv[1]
open(folder + "/a.csv", "w").write("a\\n1\\n")
os.makedirs(folder + "/deep"); open(folder + "/deep/b.csv", "w").write("a\\n2\\n")
print(json.dumps([run.output_datasets["out"] == folder, os.listdir(folder)]))
"""
    run, found = submitted(store, submit, code, "DatasetOutputConfig:out", outputs=(output,))

    assert found[0] is True
    below = root_of(store) / "results" / run.id / "out"
    assert (below / "a.csv").read_text() == "a\n1\n"
    assert (below / "deep/b.csv").is_file()
    [(use, record)] = dataset.uses_of(store, run)
    assert (use.role, use.name, use.mechanism) == ("output", "out", "Mount")
    assert (record.name, record.files, record.definition.kind) == (None, 2, "file")


def test_an_output_is_registered_as_the_next_version_when_the_run_completed(store, submit):
    result = OutputResult("made", "by a run", {"a": "1"}, "delimited", {"separator": ","})
    output = DataOutput("out", STORE, "r/{run-id}", results=(result,))
    code = "open(sys.argv[1] + '/a.csv', 'w').write('a\\n' + sys.argv[2])"
    for number in "12":
        submitted(store, submit, code, "DatasetOutputConfig:out", number, outputs=(output,))

    record = dataset.get_by_name(store, "made")
    assert (record.version, record.description, record.tags) == (2, "by a run", {"a": "1"})
    assert (record.definition.kind, record.definition.format) == ("tabular", "delimited")


def test_a_failed_run_keeps_its_mounted_outputs_alone_and_registers_nothing(store, submit):
    registered = (OutputResult("made"),)
    outputs = (
        DataOutput("m", STORE, "m", "Mount", results=registered),
        DataOutput("u", STORE, "u", "Upload", results=registered),
    )
    code = "for one in sys.argv[1:]: open(one + '/x', 'w').write('x')\nsys.exit(3)"
    run, _ = submitted(store, submit, code, *(one.placeholder for one in outputs), outputs=outputs)

    assert run.status is RunStatus.FAILED
    assert (root_of(store) / "m/x").is_file()
    assert not (root_of(store) / "u").exists()
    assert dataset.names(store) == []
    assert dataset.uses_of(store, run) == []


def test_an_upload_takes_the_files_that_it_names(store, submit):
    output = DataOutput("u", STORE, "u", "Upload", "made", False, ("*.csv", "!deep/*.csv"))
    code = "os.makedirs('made/deep'); [open('made/' + n, 'w').write(n) for n in ('a.csv', 'b.txt', 'deep/c.csv')]"
    run, _ = submitted(store, submit, code, outputs=(output,))

    assert run.status is RunStatus.COMPLETED
    assert [path.name for path in (root_of(store) / "u").rglob("*") if path.is_file()] == ["a.csv"]


def test_an_upload_that_may_not_replace_files_fails_the_run_and_leaves_them(store, submit):
    put(store, {"u/x": "before"})
    output = DataOutput("u", STORE, "u", "Upload", None, False)
    code = "open(sys.argv[1] + '/x', 'w').write('after')"
    run, _ = submitted(store, submit, code, "DatasetOutputConfig:u", outputs=(output,))

    assert run.status is RunStatus.FAILED
    assert "1 of 1 files are in datastore 'workspaceblobstore' already" in run.reason
    assert (root_of(store) / "u/x").read_text() == "before"


def test_a_script_that_fills_or_removes_or_replaces_no_output_completes(store, submit):
    outputs = tuple(
        DataOutput(name, STORE, f"o/{name}", path_on_compute=f"w/{name}") for name in "abcd"
    )
    code = """
import shutil
shutil.rmtree("w/b")
shutil.rmtree("w/c"); os.symlink("/etc", "w/c")
shutil.rmtree("w/d"); open("w/d", "w").write("a file")
"""
    run, log = submitted(store, submit, code, outputs=outputs)

    assert run.status is RunStatus.COMPLETED
    assert not (root_of(store) / "o").exists()
    log = read_log(store, run)
    assert all(f"Output {name!r} has no files: nothing was kept of it." in log for name in "abcd")


def test_links_in_an_output_are_not_followed(store, submit):
    output = DataOutput("o", STORE, "o", path_on_compute="o")
    code = """
os.symlink("/etc/passwd", "o/passwd"); os.symlink("/etc", "o/etc"); open("o/x", "w").write("x")
"""
    run, _ = submitted(store, submit, code, outputs=(output,))

    assert run.status is RunStatus.COMPLETED
    assert [path.name for path in (root_of(store) / "o").iterdir()] == ["x"]


def test_a_script_links_a_dataset_as_its_output(store, submit, data):
    output = DataOutput("link", "", "", "Link", results=(OutputResult("linked"),))
    code = f"""
from azureml.core import Dataset
ds = run.experiment.workspace.datastores["{STORE}"]
print(json.dumps(run.output_datasets["link"].link(Dataset.File.from_files((ds, "data/*.csv"))).name))
"""
    run, found = submitted(store, submit, code, outputs=(output,))

    assert found == "linked"
    [(use, record)] = dataset.uses_of(store, run)
    assert (use.mechanism, record.name, record.version) == ("Link", "linked", 1)


def test_what_a_script_reads_by_itself_is_noted_as_its_input(store, submit, data):
    dataset.register(store, files(), "raw")
    code = """
from azureml.core import Dataset, Workspace
found = Dataset.get_by_name(Workspace.from_config(), "raw")
for _ in range(3): found.to_path()
"""
    run, _ = submitted(store, submit, code)

    [(use, record)] = dataset.uses_of(store, run)
    assert (use.role, use.name, use.mechanism, record.name) == ("input", "raw", "", "raw")


def test_a_run_is_canceled_while_its_data_is_copied(store, submit, silent):
    one = DataFolder("ref", "away", "file.csv", "Download")
    run = submit("print('begun')", data=DataUse(folders=(one,)))
    until(silent.is_set)
    cancel(store, runs.get(store, run.id), "enough")
    run = ended(store, run)

    assert (run.status, run.reason) == (RunStatus.CANCELED, "enough")
    assert "begun" not in read_log(store, run)


def test_a_run_is_canceled_while_its_outputs_are_sent(store, submit, silent):
    one = DataOutput("o", "away", "to", path_on_compute="o")
    run = submit("open('o/x', 'w').write('x'); print('done')", data=DataUse(outputs=(one,)))
    until(silent.is_set)
    cancel(store, runs.get(store, run.id), "enough")
    run = ended(store, run)

    assert (run.status, run.reason) == (RunStatus.CANCELED, "enough")
    assert read_log(store, run) == "done\n"


@pytest.mark.parametrize("part", ["input", "output"])
def test_a_datastore_that_is_away_fails_the_run_with_the_reason(store, submit, part):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # nobody listens there any longer
    options = {"endpoint_url": f"http://127.0.0.1:{port}", "key": "k", "secret": "hush"}
    settings = {"url": "s3://bucket/data", "storage_options": options}
    datastore.register(store, "away", "url", settings)
    use = {
        "input": {"folders": (DataFolder("o", "away", "f", "Download", "o"),)},
        "output": {"outputs": (DataOutput("o", "away", "to", path_on_compute="o"),)},
    }[part]
    run, log = submitted(store, submit, "print('begun'); open('o/x', 'w').write('x')", **use)

    assert (run.status, run.error.code) == (RunStatus.FAILED, "DataAccessError")
    assert "away" in run.reason
    assert run.error.traceback == ""
    assert "hush" not in log + run.error.message
    assert ("begun" in log) == (part == "output")
