from __future__ import annotations

import signal

SCRIPT = """
import sys, numpy as np
from azureml.core import Run
print(sys.argv[1:], np.float, Run.__module__)
sys.exit(3)
"""


def test_a_script_gets_azureml_its_words_and_gives_its_exit_code(shell, tmp_path):
    (tmp_path / "train.py").write_text(SCRIPT)
    done = shell("python", "train.py", "--rate", "0.1", "--help", "--workspace", "w")

    assert done.returncode == 3
    assert done.stdout == (
        "['--rate', '0.1', '--help', '--workspace', 'w'] <class 'float'> aml_magics.sdk.run.run\n"
    )


def test_options_of_python_are_taken(shell):
    assert shell("python", "-c", "import azureml.core; print(1)").stdout == "1\n"
    assert "No module named azureml.core.__main__" in shell("python", "-m", "azureml.core").stderr


def test_the_old_names_of_numpy_can_be_left_out(shell):
    done = shell("python", "-c", "import numpy as np; np.float", AML_MAGICS_NUMPY_ALIASES="0")

    assert "AttributeError" in done.stderr


def test_a_script_that_is_killed_is_seen_to_be(shell):
    done = shell("python", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")

    assert done.returncode == -signal.SIGKILL


def test_no_script_and_a_workspace_are_refused(shell):
    done = shell("python")
    assert done.returncode == 2
    assert "needs a script, as in `aml-magics python train.py`" in done.stderr

    done = shell("--workspace", "w", "python", "train.py")
    assert done.returncode == 2
    assert "A script finds its workspace by itself" in done.stderr


def test_help_is_ours_before_the_script(shell):
    assert shell("python", "--help").stdout.startswith("usage: aml-magics python")
