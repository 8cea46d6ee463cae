from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.cell.transformer import transform
from aml_magics.magics.options import read_options
from aml_magics.magics.remote.shipment import pack, sizes_text, unpack, used_names
from aml_magics.views.run.output import RUN

WAIT = """
import time
deadline = time.monotonic() + 60
while not run.get_status() in ("Completed", "Failed", "Canceled") and time.monotonic() < deadline:
    time.sleep(0.05)
print(run.get_status())
"""


@pytest.fixture
def remote(kernel):
    """The module's kernel, whose scheduler is ended."""
    yield kernel
    kernel.run(
        "import psutil, os\n"
        "for p in psutil.process_iter():\n"
        "    try:\n"
        "        if 'aml_magics.workers.scheduler' in p.cmdline() and p.environ().get('AML_MAGICS_HOME') == os.environ['AML_MAGICS_HOME']: p.kill()\n"
        "    except psutil.Error: pass"
    )


def test_a_cell_runs_in_another_process_with_the_names_it_uses_and_gives_names_back(remote):
    remote.run(
        "import math, os\nfactor = 3\ndef scaled(x):\n    return math.floor(x * factor)\nhere = os.getpid()"
    )
    began = remote.run(
        "%%aml_run far --compute local --param a=1 --out answer there\n"
        "import asyncio\n"
        "await asyncio.sleep(0)\n"
        "there = os.getpid()\n"
        "answer = scaled(2.5)\n"
        "for step in range(5): run.log('loss', 1 / (step + 1))\n"
        "print('said', run.parameters['a'])\n"
        "answer"
    )
    assert began.status == "ok", began.traceback
    assert "Taken along: " in began.stderr
    assert "scaled" in began.stderr
    assert len(began.displays) == 1

    done = remote.run("print(run.wait_for_completion()['status'])")
    assert done.stdout.split() == ["Completed"]
    assert remote.value("answer") == 7
    assert remote.value("there != here")
    assert remote.value("len(run.get_metrics()['loss'])") == 5
    assert "said 1" in remote.value(
        "run.get_details_with_logs()['logFiles']['user_logs/std_log.txt']"
    )
    details = remote.value("run.get_details()['runDefinition']['command']")
    assert details == "python -m aml_magics.magics.remote.worker"
    assert remote.value("'answer = scaled' in run.get_snapshot()['source']")


def test_a_cell_runs_on_a_pool_that_is_named(remote):
    remote.run(
        "from aml_magics import Workspace\n"
        "from aml_magics.sdk.handles import AmlCompute, ComputeTarget\n"
        "ws = Workspace.from_config()\n"
        "config = AmlCompute.provisioning_configuration(max_nodes=1)\n"
        "pool = ComputeTarget.create(ws, 'cpu-cluster', config)"
    )
    before = remote.runs()
    refused = remote.run("%%aml_run --compute cpu-clster\nx = 1")
    assert refused.ename == "ComputeTargetNotFoundError"
    assert "Did you mean 'cpu-cluster'" in refused.traceback
    assert remote.runs() == before

    began = remote.run("%%aml_run pooled --compute cpu-cluster --out x\nx = 6 * 7")
    assert began.status == "ok", began.traceback
    done = remote.run("print(run.wait_for_completion()['status'])")
    assert done.stdout.split() == ["Completed"]
    assert remote.value("(x, run.get_details()['target'])") == (42, "cpu-cluster")
    assert remote.value("pool.get_status().current_node_count") == 1


def test_a_figure_that_the_cell_shows_is_kept_and_what_is_expected_is_checked(remote):
    remote.run(
        "%%aml_run drawn --compute local --expect 'score>=0.9'\n"
        "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.show()\n"
        "run.log('score', 0.5)"
    )
    assert remote.run(WAIT).stdout.split() == ["Failed"]
    assert remote.value("[n for n in run.get_file_names() if n.startswith('figure_1')] != []")
    assert remote.value("run.record.reason").startswith("ExpectationError: ")


def test_an_error_keeps_the_lines_of_the_notebook(remote):
    remote.run("%%aml_run broken --compute local\nx = 1\ny = 0\nx / y")
    assert remote.run(WAIT).stdout.split() == ["Failed"]
    assert remote.value("run.record.error.code") == "ZeroDivisionError"
    assert "line 4" in remote.value("run.record.error.traceback")


def test_a_mistake_and_a_variable_that_cannot_go_leave_no_run(remote):
    before = remote.runs()
    assert remote.run("%%aml_run --compute local\nif x").ename == "SyntaxError"
    remote.run("import threading; lock = threading.Lock()")
    refused = remote.run("%%aml_run --compute local\nlock.acquire()")
    assert refused.ename == "UsageError"
    assert "'lock' (lock) cannot go to another process" in refused.traceback
    assert remote.runs() == before


def test_a_script_cell_is_written_and_submitted(remote):
    wrote = remote.run(
        "%%aml_script code/train.py --experiment far --name scripted --args --rate 0.5\n"
        "import sys\nfrom azureml.core import Run\n"
        "Run.get_context().log('rate', float(sys.argv[2]))"
    )
    assert wrote.status == "ok", wrote.traceback
    assert "Wrote code/train.py" in wrote.stdout
    assert len(wrote.displays) == 1
    assert remote.run(WAIT).stdout.split() == ["Completed"]
    assert remote.value("run.get_metrics()") == {"rate": 0.5}
    assert remote.value("(run.display_name, run.experiment.name)") == ("scripted", "far")
    assert remote.value("open('code/train.py').readline()") == "import sys\n"

    only = remote.run("%%aml_script code/other.py --write-only\nx = 1\n")
    assert only.displays == []
    assert remote.value("run.display_name") == "scripted"
    assert "such as train.py" in remote.run("%%aml_script train\nx").traceback


def test_a_submitted_script_has_the_live_panel_unless_its_value_is_taken(remote):
    remote.run("%%aml_script code/noted.py --write-only\nprint('said')")
    shown = remote.run("%aml submit code/noted.py --experiment far --name panelled")
    assert shown.status == "ok", shown.traceback
    [display] = shown.displays
    assert RUN in display["data"]
    assert "panelled" in display["data"]["text/plain"]
    remote.run("run = _")
    assert remote.run(WAIT).stdout.split() == ["Completed"]

    taken = remote.run("run = %aml submit code/noted.py --experiment far")
    assert taken.displays == []
    assert remote.run(WAIT).stdout.split() == ["Completed"]


def test_a_cell_for_elsewhere_is_left_to_the_magic():
    lines = ["%%aml_run a --compute local\n", "x = 1\n"]

    assert transform(list(lines)) == lines
    assert transform(["%%aml_run --compute=local\n", "x\n"])[0].startswith("%%aml_run")
    assert not transform(["%%aml_run --computed\n", "x\n"])[0].startswith("%%aml_run")


def test_out_names_what_comes_back_and_only_with_compute_several():
    assert read_options(["--compute", "local", "--out", "a", "b"]).returned == ("a", "b")
    assert read_options(["--out", "r"]).out == "r"
    with pytest.raises(UsageError, match="--out takes one variable, which holds the run, not 2"):
        read_options(["--out", "a", "b"])
    with pytest.raises(UsageError, match="--out takes the name of a variable, not '1a'"):
        read_options(["--out", "1a"])
    with pytest.raises(UsageError, match="leave out --compute, or --resume"):
        read_options(["--compute", "local", "--resume", "x"])
    assert read_options(["--compute", "cpu-cluster"]).compute == "cpu-cluster"


def test_only_what_the_code_takes_from_the_notebook_goes_along():
    values = {"x": 1, "unused": 2, "print": print, "f": len}

    assert used_names("y = x + f([])\nprint(y)", values) == ["f", "x"]


def test_what_is_too_large_is_refused_by_its_name(monkeypatch):
    monkeypatch.setattr("aml_magics.magics.remote.shipment.MOST_BYTES", 1_000)
    with pytest.raises(
        UsageError, match=r"The largest is 'big' \(5.0 kB\): load it in the cell itself"
    ):
        pack({"big": bytes(5_000), "small": 1}, ["big", "small"])


def test_values_survive_the_way():
    data, _ = pack({"a": [1, 2], "b": {"c": 1.5}}, ["a", "b"])

    assert unpack(data) == {"a": [1, 2], "b": {"c": 1.5}}
    assert sizes_text({"a": 10, "b": 2_000}) == "b 2.0 kB, a 10 B"
