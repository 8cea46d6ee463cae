"""TensorBoard: the real one, asked by HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request

import psutil
import pytest

from aml_magics import Experiment
from aml_magics.errors import AmlError, DependencyError, InvalidArgumentError
from aml_magics.sdk.run.tensorboard import Tensorboard
from aml_magics.sdk.run.tensorboard_export import export_to_tensorboard
from tests.sdk.conftest import until


def scalars(address: str, run: str, tag: str) -> list[list[float]]:
    url = f"{address.rstrip('/')}/data/plugin/scalars/scalars?run={run}&tag={tag}"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:  # it has not read them yet
        return []


def events(folder) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    read = EventAccumulator(str(folder))
    read.Reload()
    return {
        tag: [(one.step, pytest.approx(one.value)) for one in read.Scalars(tag)]
        for tag in read.Tags()["scalars"]
    }


@pytest.fixture
def run(workspace):
    with Experiment(workspace, "e").start_logging() as run:
        yield run


@pytest.fixture
def board(run, tmp_path):
    """Starts TensorBoards, which end with the test."""
    started = []

    def start(*runs, **more):
        found = Tensorboard(list(runs), port=0, **more)
        started.append(found)
        return found, found.start()

    yield start
    for one in started:
        one.stop()


def test_metrics_are_exported_for_each_run_and_its_children(run, tmp_path):
    run.log("loss", 0.5, step=3)
    run.log("loss", 0.25, step=7)
    run.log("name", "text")
    run.log_list("list", [1, 2.5])
    run.log_row("row", x=1, y="a")
    run.log_table("table", {"z": [4, 5]})
    child = run.child_run("c")
    child.log("a", 1)
    child.complete()

    export_to_tensorboard(run, tmp_path / "logs")

    assert events(tmp_path / "logs" / run.id) == {
        "loss": [(3, 0.5), (7, 0.25)],
        "list": [(0, 1), (1, 2.5)],
        "row/x": [(0, 1)],
        "table/z": [(0, 4), (1, 5)],
    }
    assert list(events(tmp_path / "logs" / child.id)) == ["a"]
    export_to_tensorboard([run], tmp_path / "alone", recursive=False)
    assert [one.name for one in (tmp_path / "alone").iterdir()] == [run.id]


def test_what_a_run_writes_to_its_logs_is_shown_while_it_goes_on(run, board, tmp_path):
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(tmp_path / "tb"))
    [file] = (tmp_path / "tb").iterdir()

    def add(step):
        writer.add_event(
            Event(step=step, summary=Summary(value=[Summary.Value(tag="a", simple_value=step)]))
        )
        writer.flush()
        run.upload_file(f"logs/{file.name}", file)

    add(1)
    tensorboard, address = board(run)
    assert address.startswith("http://127.0.0.1:")
    until(lambda: len(scalars(address, run.id, "a")) == 1)
    add(2)
    until(lambda: [point[1] for point in scalars(address, run.id, "a")] == [1, 2])
    writer.close()

    tensorboard.stop()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=60)
    tensorboard.stop()


def test_exported_metrics_are_shown_from_their_folder(run, board, tmp_path):
    run.log("loss", 0.5, step=3)
    export_to_tensorboard(run, tmp_path / "logs")

    _, address = board(local_root=tmp_path / "logs")

    until(lambda: scalars(address, run.id, "loss"))
    assert (tmp_path / "logs" / run.id).is_dir()


def test_folders_can_have_the_names_of_runs_each_its_own(workspace, board, tmp_path):
    names = ["a b", "twice", "twice"]
    runs = [Experiment(workspace, "e").start_logging(display_name=name) for name in names]
    for one in runs:
        (tmp_path / "x.log").write_text(one.id)
        one.upload_file("logs/deep/x.log", tmp_path / "x.log")
        one.complete()

    board(*runs, local_root=tmp_path / "root", use_display_name=True)

    expected = ["a_b", f"twice-{runs[1].id}", f"twice-{runs[2].id}"]
    assert sorted(one.name for one in (tmp_path / "root").iterdir()) == sorted(expected)
    assert (tmp_path / "root" / expected[1] / "deep" / "x.log").read_text() == runs[1].id


def test_a_port_that_is_taken_is_not_waited_for(run):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tensorboard = Tensorboard([run], port=port)
        try:
            address = tensorboard.start()
            assert f":{port}" not in address
        finally:
            tensorboard.stop()


def test_it_ends_with_the_process_that_started_it(workspace):
    code = """
    import sys
    from aml_magics import Experiment, Workspace
    from aml_magics.sdk.run.tensorboard import Tensorboard
    run = Experiment(Workspace.get("w"), "e").start_logging()
    tensorboard = Tensorboard([run], port=0)
    tensorboard.start()
    print(tensorboard._process.pid, flush=True)
    sys.stdin.read()
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        child.stdout.readline()
        started = psutil.Process(int(child.stdout.readline()))
        os.kill(child.pid, signal.SIGKILL)

    until(lambda: not started.is_running() or started.status() == psutil.STATUS_ZOMBIE)


def test_what_is_no_run_is_refused(run, tmp_path):
    with pytest.raises(InvalidArgumentError, match=r"Tensorboard takes a run .* not str \('x'\)"):
        Tensorboard([run, "x"])
    with pytest.raises(InvalidArgumentError, match="export_to_tensorboard takes a run"):
        export_to_tensorboard({"a": 1}, tmp_path)


def test_without_the_package_the_line_for_pip_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)

    for call in (lambda: Tensorboard([run]), lambda: export_to_tensorboard(run, tmp_path)):
        with pytest.raises(
            DependencyError, match=r'not installed: pip install "aml-magics\[tensorboard\]"'
        ):
            call()


def test_what_tensorboard_says_when_it_cannot_start_is_passed_on(run, monkeypatch):
    monkeypatch.setattr("aml_magics.sdk.run.tensorboard._free", lambda port: -5)

    with pytest.raises(AmlError, match=r"TensorBoard did not start: .*port"):
        Tensorboard([run]).start()
