"""Mini-batches in real processes: what is called, what fails, and what is in the output."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.workers.parallel_run.conftest import NAMES, Step

if TYPE_CHECKING:
    from pathlib import Path


def test_every_file_is_in_the_output_once(step):
    done = step(NAMES, "--mini_batch_size", "3", files=100)
    assert done.code == 0, done.log
    assert done.lines() == [f"{n:03d}.txt" for n in range(100)]
    assert (
        "34 mini-batches with 100 items ended; 0 mini-batches and 0 items of them failed."
        in done.log
    )
    assert [one.name for one in done.folder.iterdir() if one.name.startswith(".")] == []


def test_init_is_called_once_a_process_and_shutdown_at_its_end(step):
    script = """
        import os
        def init():
            global calls
            calls = 0
            print("init", os.getpid())
        def run(mini_batch):
            global calls
            calls += 1
            return [f"{os.getpid()} {path}" for path in mini_batch]
        def shutdown():
            print("shutdown", os.getpid(), calls)
    """
    done = step(script, "--mini_batch_size", "1", files=40)
    assert done.code == 0, done.log
    printed = [line.split() for line in done.logs("stdout/*/*.txt").splitlines()]
    begun = {words[1] for words in printed if words[0] == "init"}
    ended = {words[1]: int(words[2]) for words in printed if words[0] == "shutdown"}
    assert len(begun) == 2
    assert begun == set(ended)
    assert sum(ended.values()) == 40
    assert {line.split()[0] for line in done.lines()} <= begun


def test_there_are_no_more_processes_than_mini_batches(step):
    done = step("def run(mini_batch):\n    print('x')\n    return mini_batch", files=2)
    assert done.code == 0, done.log
    assert len(list((done.folder / "logs/user/stdout").rglob("*.txt"))) == 1


def test_nodes_times_processes_run_at_once(step):
    # each waits until all four are in run(): with fewer the time limit of the mini-batch would end them
    script = """
        import os, time
        def run(mini_batch):
            open(f"here-{os.getpid()}", "w").close()
            while sum(name.startswith("here-") for name in os.listdir()) < 4:
                time.sleep(0.01)
            return mini_batch
    """
    done = step(script, "--node_count", "2", "--mini_batch_size", "1", files=4)
    assert done.code == 0, done.log
    assert len(list((done.folder / "logs/user/stdout").glob("node_*"))) == 2


def test_a_run_that_raises_is_tried_again_and_its_items_are_said(step):
    script = """
        import os
        def run(mini_batch):
            if "004" in mini_batch[0] and not os.path.exists("tried"):
                open("tried", "w").close()
                raise ValueError("first time")
            return [os.path.basename(one) for one in mini_batch]
    """
    done = step(script, "--mini_batch_size", "2")
    assert done.code == 0, done.log
    assert done.lines() == [f"{n:03d}.txt" for n in range(10)]
    assert "Mini-batch 2 (004.txt, 005.txt) failed, try 1 of 3: ValueError: first time" in done.log
    assert 'score.py", line 6' in done.logs("error.txt")


def test_more_failures_than_the_threshold_end_the_step_without_an_output(step):
    script = "def run(mini_batch):\n    raise KeyError('no')"
    done = step(script, "--error_threshold", "3", "--mini_batch_size", "2", "--run_max_try", "1")
    assert done.code == 1
    assert "ParallelRunError: 4 items failed, which is more than error_threshold=3." in done.log
    assert "KeyError: 'no'" in done.log
    assert list(done.output.iterdir()) == []


def test_any_number_of_failures_is_ignored_with_minus_one(step):
    script = """
        def run(mini_batch):
            if "00" in mini_batch[0]:
                raise KeyError("no")
            return mini_batch
    """
    done = step(script, "--mini_batch_size", "1", files=40)
    assert done.code == 0, done.log
    assert len(done.lines()) == 30
    assert "10 mini-batches and 10 items of them failed" in done.log
    assert "Further failures are told in logs/user/error.txt alone." in done.log
    assert done.logs("error.txt").count("failed, try 3 of 3") == 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--allowed_failed_count", "1"),
            "2 mini-batches failed, which is more than allowed_failed_count=1",
        ),
        (
            ("--allowed_failed_percent", "10"),
            "3 of 10 mini-batches failed, which is more than allowed_failed_percent=10",
        ),
    ],
)
def test_so_many_mini_batches_may_fail(step, words, said):
    script = """
        def run(mini_batch):
            if any(name in mini_batch[0] for name in ("002", "005", "007")):
                raise KeyError("no")
            return mini_batch
    """
    done = step(script, "--mini_batch_size", "1", "--run_max_try", "1", *words)
    assert done.code == 1
    assert said in done.log


def test_items_that_run_leaves_out_count_as_failed(step):
    script = "def run(mini_batch):\n    return mini_batch[1:]"
    assert step(script, "--error_threshold", "2", "--mini_batch_size", "5").code == 0
    done = step(script, "--error_threshold", "1", "--mini_batch_size", "5")
    assert done.code == 1
    assert "run() returned 4 of 5 items: the others count as failed" in done.log


def test_a_process_that_dies_is_replaced_and_its_mini_batch_tried_again(step):
    script = """
        import os, signal
        def run(mini_batch):
            if "004" in mini_batch[0] and not os.path.exists("died"):
                open("died", "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            return [os.path.basename(one) for one in mini_batch]
    """
    done = step(script, "--mini_batch_size", "1", files=30)
    assert done.code == 0, done.log
    assert done.lines() == [f"{n:03d}.txt" for n in range(30)]
    assert "ended by SIGKILL" in done.log


def test_a_process_that_dies_each_time_makes_its_mini_batch_fail_and_no_other(step):
    script = """
        import os
        def run(mini_batch):
            if "004" in mini_batch[0]:
                os._exit(7)
            return [os.path.basename(one) for one in mini_batch]
    """
    done = step(script, "--mini_batch_size", "1", "--run_max_try", "2")
    assert done.code == 0, done.log
    assert done.lines() == [f"{n:03d}.txt" for n in range(10) if n != 4]
    assert "try 2 of 2: worker process" in done.log
    assert "ended with exit code 7" in done.log


def test_a_mini_batch_that_takes_too_long_is_ended_with_what_it_started(step):
    script = """
        import os, subprocess, time
        def run(mini_batch):
            if "001" in mini_batch[0] and not os.path.exists("slow"):
                child = subprocess.Popen(["sleep", "600"])
                open("slow", "w").write(str(child.pid))
                time.sleep(600)
            return mini_batch
    """
    done = step(script, "--run_invocation_timeout", "2", "--mini_batch_size", "1", files=4)
    assert done.code == 0, done.log
    assert len(done.lines()) == 4
    assert "took longer than run_invocation_timeout=2 seconds" in done.log
    child = int((done.folder / "slow").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "def init():\n    raise OSError('no model')\ndef run(x):\n    return x",
            "OSError: no model",
        ),
        ("import nothing_such\ndef run(x):\n    return x", "No module named 'nothing_such'"),
        ("def run(x:\n", "SyntaxError"),
        ("def init():\n    pass", "score.py has no function run(mini_batch)"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
    ],
)
def test_a_script_that_cannot_begin_fails_the_step_with_its_reason(step, script, said):
    done = step(script)
    assert done.code == 1
    assert said in done.log.splitlines()[-1]
    assert "cannot begin" in done.log.splitlines()[-1]


def test_processes_that_die_before_they_are_ready_are_not_started_for_ever(step):
    done = step("import os\ndef init():\n    os._exit(9)\ndef run(x):\n    return x")
    assert done.code == 1
    assert (
        "3 processes were gone before init() had returned, the last ended with exit code 9"
        in done.log
    )


def test_what_run_returns_must_be_a_list_or_a_frame(step):
    done = step("def run(mini_batch):\n    return 'abc'", "--error_threshold", "0")
    assert done.code == 1
    assert "run() returns a list or a pandas DataFrame" in done.log
    assert "not str" in done.log


def test_a_shutdown_that_raises_is_told_and_fails_nothing(step):
    done = step("def run(x):\n    return x\ndef shutdown():\n    raise ValueError('late')")
    assert done.code == 0, done.log
    assert "ValueError: late" in done.log
    assert len(done.lines()) == 10


def test_summary_only_writes_no_file(step):
    done = step(NAMES, "--output_action", "summary_only")
    assert done.code == 0, done.log
    assert not done.output.exists()


def test_the_file_has_the_name_that_was_asked_for(step):
    assert len(step(NAMES, "--append_row_file_name", "scores.txt").lines("scores.txt")) == 10


def test_the_script_gets_its_own_arguments_alone_and_azures_helper(step):
    script = """
        import argparse
        from azureml_user.parallel_run import EntryScript
        from entry_script import EntryScript as Older
        def init():
            global rate
            parser = argparse.ArgumentParser()
            parser.add_argument("--rate", type=float)
            rate = parser.parse_args().rate
            assert EntryScript() is EntryScript() and Older is EntryScript
            EntryScript().logger.debug("fine")
            EntryScript().log.info("rate is %s", rate)
        def run(mini_batch):
            return [rate for one in mini_batch]
    """
    done = step(script, arguments=("--rate", "0.5"))
    assert done.code == 0, done.log
    assert done.lines() == ["0.5"] * 10
    logged = done.logs("entry_script_log/*/*.txt")
    assert "|INFO|process000|" in logged
    assert "rate is 0.5" in logged
    assert "fine" not in logged


def test_a_second_parameter_gets_the_context_of_the_mini_batch(step):
    script = "def run(mini_batch, context):\n    return [context.minibatch_index] * len(mini_batch)"
    assert step(script, "--mini_batch_size", "5").lines() == ["0"] * 5 + ["1"] * 5


def test_many_large_mini_batches_and_results_do_not_block_each_other(step):
    script = "def run(mini_batch):\n    return [path * 2000 for path in mini_batch]"
    done = step(script, "--mini_batch_size", "500", files=2_000)
    assert done.code == 0, done.log
    assert len(done.lines()) == 2_000


def test_files_in_folders_and_with_odd_names_are_items_too(step):
    names = {"a/b/c.txt": "1", "ü ñ.txt": "2", "-x": "3", "a/.hidden": "4"}
    script = (
        "import os\ndef run(mini_batch):\n    return [open(path).read() for path in mini_batch]"
    )
    assert step(script, files=names).lines() == ["1", "2", "3", "4"]


def test_an_empty_input_is_an_error(step):
    done = step(files=0)
    assert done.code == 1
    assert "Input 'files' has nothing to run on" in done.log


def test_an_input_that_is_nowhere_is_an_error(step):
    done = step(NAMES, "--input", "b", "/nowhere/at/all")
    assert done.code == 1
    assert "Input 'b' is neither a folder nor a file" in done.log


def test_a_script_that_is_not_there_is_an_error(step):
    done = step(NAMES, "--entry_script", "scores.py")
    assert done.code == 1
    assert "There is no entry_script 'scores.py' in source_directory; it has: score.py." in done.log
    assert "in main" not in done.log, "the log says what is wrong, not where it was found"


def test_the_output_has_its_name_only_when_it_is_whole(step, tmp_path: Path):
    """A driver that is killed leaves no file of that name, and no process."""
    step(NAMES)  # makes the folders
    folder = tmp_path / "step"
    (folder / "score.py").write_text(
        "import os, time\ndef run(x):\n    open(f'pid-{os.getpid()}', 'w').close()\n    time.sleep(600)\n    return x"
    )
    one = Step(folder)
    (one.output / "parallel_run_step.txt").unlink()
    words = ["--input", "files", str(tmp_path / "data"), "--process_count_per_node", "1", "--"]
    driver = subprocess.Popen(one.command(*words), cwd=folder)
    while not (found := list(folder.glob("pid-*"))):
        assert driver.poll() is None
        time.sleep(0.01)
    driver.send_signal(signal.SIGINT)
    assert driver.wait() != 0
    pid = int(found[0].name.removeprefix("pid-"))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"
    assert list(one.output.iterdir()) == []


def test_a_driver_that_is_killed_leaves_nothing_in_the_output(step, tmp_path: Path):
    folder = tmp_path / "step"
    step(NAMES)  # makes the folders
    (folder / "score.py").write_text(
        "import os, time\n"
        "def run(x):\n"
        "    if '000' not in x[0]:\n"
        "        open(f'pid-{os.getpid()}', 'w').close()\n"
        "        time.sleep(600)\n"
        "    return x\n"
    )
    one = Step(folder)
    (one.output / "parallel_run_step.txt").unlink()
    words = ["--input", "files", str(tmp_path / "data"), "--process_count_per_node", "1"]
    driver = subprocess.Popen(
        one.command(*words, "--mini_batch_size", "1", "--"), cwd=folder, start_new_session=True
    )
    while not (found := list(folder.glob("pid-*"))):
        assert driver.poll() is None
        time.sleep(0.01)
    driver.kill()
    driver.wait()
    psutil.Process(int(found[0].name.removeprefix("pid-"))).kill()
    assert list(one.output.iterdir()) == []


def test_a_process_that_dies_in_mid_answer_while_a_fork_of_it_lives_is_replaced(step):
    """The fork keeps the socket open, so its end never comes; nor does the rest of the answer."""
    script = """
        import os, signal, time
        command = open("/proc/self/cmdline", "rb").read().split(b"\\0")
        socket = int(command[-2])
        def run(mini_batch):
            if "004" in mini_batch[0] and not os.path.exists("died"):
                open("died", "w").close()
                if (fork := os.fork()) == 0:
                    os.setsid()  # it is not ended with the process group
                    time.sleep(600)
                    os._exit(0)
                open("fork", "w").write(str(fork))
                # the beginning of an answer, whichever way its length is told
                os.write(socket, b"\\x00\\x00\\x10\\x00" * 2 + b"abc")
                os.kill(os.getpid(), signal.SIGKILL)
            return [os.path.basename(one) for one in mini_batch]
    """
    done = step(script, "--mini_batch_size", "1", "--run_invocation_timeout", "300")
    fork = psutil.Process(int((done.folder / "fork").read_text()))
    fork.kill()
    assert done.code == 0, done.log
    assert done.lines() == [f"{n:03d}.txt" for n in range(10)]
    assert "ended by SIGKILL" in done.log
