"""Environments are built once, whole or not at all, whoever dies meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aml_magics._namespace import OLD_NUMPY
from aml_magics.errors import (
    EnvironmentBuildError,
    StoreFullError,
    StoreReadOnlyError,
)
from aml_magics.services.environment import build as environment_build
from aml_magics.services.environment import own_package
from aml_magics.services.environment.build import build, builds, find_built, remove
from aml_magics.services.environment.wheel import keep_wheel
from tests.services.conftest import eventually, finish
from tests.services.environment.conftest import HERE, definition


def run(python: str, code: str, **environ: str) -> str:
    command = [python, "-c", code]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- what is built -------------------------------------------------------------------------------


def test_a_script_in_a_built_environment_has_its_packages_and_its_run_and_no_others():
    said: list[str] = []
    asked = definition("six", "azureml-sdk~=1.0")
    assert find_built(asked) is None

    built = build(asked, said.append)

    assert [line.split(maxsplit=1)[0] for line in said] == ["Building", "Installing", "Built"]
    assert find_built(asked) == built
    assert "six" in built.packages
    assert built.python_version.startswith(HERE)
    code = """
import importlib.metadata, six
from azureml.core import Run, Workspace
import aml_magics
run = Run.get_context()
run.log("a", 1)
run.complete()
print(run.get_metrics()["a"], importlib.metadata.version("aml-magics"))
try:
    import IPython
except ImportError:
    print("alone")
try:
    import azureml.nothing
except ImportError as error:
    print(str(error).partition(" is ")[2])
"""
    told = f"not available in aml_magics {own_package.VERSION}."
    assert run(built.python, code).splitlines() == [f"1 {own_package.VERSION}", "alone", told]
    lock = (Path(built.folder) / "requirements.lock").read_text()
    assert lock.count("--hash=sha256:") >= len(built.packages)
    # what is ready is taken in silence, also under another name and in another order
    said.clear()
    assert (
        build(definition("azureml-core", "azureml-sdk", "six", name="b"), said.append).digest
        == built.digest
    )
    assert said == []
    (one,) = builds()
    assert (one.digest, one.state, one.name) == (built.digest, "Ready", "small")
    assert one.size == built.size > 0


def test_a_wheel_of_ones_own_is_installed(tmp_path):
    wheel = tmp_path / "minepkg-1.0-py3-none-any.whl"
    info = "minepkg-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("minepkg.py", "WORD = 'mine'\n")
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: minepkg\nVersion: 1.0\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(
            f"{info}/RECORD", f"minepkg.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )

    built = build(definition(keep_wheel(wheel)))

    assert run(built.python, "import minepkg; print(minepkg.WORD)") == "mine\n"


def test_old_pins_for_a_python_that_is_not_here_give_way_and_it_is_said():
    built = build(definition("markupsafe==1.0", "six==1.16.0", python="3.6.2"))

    assert built.packages["six"] == "1.16.0"
    stands_in, gave_way = built.notes[0], built.notes[-1]
    assert stands_in.startswith("Python 3.6.2 was asked for: ")
    version = built.packages["markupsafe"]
    assert (
        gave_way
        == f"markupsafe==1.0 cannot be had for Python {HERE}: markupsafe {version} stand in."
    )
    assert find_built(definition("markupsafe==1.0", "six==1.16.0", python="3.6.2")) == built


def test_a_pin_for_the_python_that_is_here_does_not_give_way():
    with pytest.raises(
        EnvironmentBuildError, match=r"'small' cannot be built for Python .*six==99"
    ):
        build(definition("six==99"))


def test_the_resolvers_reason_is_shown_and_nothing_is_left():
    with pytest.raises(
        EnvironmentBuildError,
        match=r"no-such-package-of-aml-magics was not found in the package registry",
    ):
        build(definition("no-such-package-of-aml-magics"))

    assert builds() == []
    assert find_built(definition("no-such-package-of-aml-magics")) is None


def test_a_conflict_with_our_own_requirements_says_whose_they_are():
    with pytest.raises(EnvironmentBuildError, match=r"aml_magics itself needs .*sqlalchemy>=2"):
        build(definition("sqlalchemy<2"))


# -- without a network, without room -------------------------------------------------------------


def test_without_a_network_the_cache_suffices(fake_uv):
    remove(build(definition("six")).digest)  # which fills the cache
    fake_uv(
        'case "$*" in *--offline*) ;; "pip "*) echo "error: error sending request for url" >&2; exit 2;; esac\n'
        'exec "$UV" "$@"'
    )

    assert "six" in build(definition("six")).packages


def test_without_a_network_and_a_cache_both_reasons_are_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    with pytest.raises(
        EnvironmentBuildError, match=r"the network does not answer .*cache does not suffice"
    ):
        build(definition("six"))
    assert builds() == []


def test_a_full_disk_names_the_folder_and_the_free_bytes(fake_uv):
    fake_uv('echo "error: No space left on device (os error 28)" >&2; exit 2')

    with pytest.raises(StoreFullError, match=r"No room for an environment in .* bytes are free"):
        build(definition("six"))
    assert builds() == []


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [
        (28, StoreFullError, "No room for an environment"),
        (30, StoreReadOnlyError, "cannot be written in"),
    ],
)
def test_a_device_that_refuses_is_told_apart(monkeypatch, number, error, message):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(environment_build, "make_private", refuse)
    with pytest.raises(error, match=message):
        build(definition("six"))


def test_what_uv_says_is_shown_in_one_line_without_colours_and_passwords(fake_uv):
    fake_uv(
        'printf "\\033[31merror\\033[0m: No solution found when resolving dependencies:\\n'
        '  \\342\\225\\260\\342\\224\\200\\342\\226\\266 Because x from https://u:hunter22@h/simple\\n      is gone.\\n" >&2; exit 1'
    )

    with pytest.raises(EnvironmentBuildError) as caught:
        build(definition("six"))
    assert str(caught.value).endswith(": Because x from https://u:***@h/simple is gone.")


def test_a_uv_that_cannot_be_started_says_how_to_repair_it(monkeypatch, tmp_path):
    monkeypatch.setattr("aml_magics.services.environment.uv.uv_program", lambda: str(tmp_path))

    with pytest.raises(EnvironmentBuildError, match=r"uv cannot be started .*force-reinstall uv"):
        build(definition("six"))


def test_an_environment_without_site_packages_is_not_ready(fake_uv):
    fake_uv(
        'case "$1" in venv) for last; do :; done; mkdir -p "$last";; pip) touch requirements.lock;; esac'
    )

    with pytest.raises(EnvironmentBuildError, match=r"has no site-packages"):
        build(definition("six"))
    assert builds() == []


def test_an_interrupted_build_leaves_nothing(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment_build, "_by_uv", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(definition("six"))
    assert builds() == []


# -- several processes ---------------------------------------------------------------------------

_BUILD = """
import sys
from aml_magics.services.environment import uv as environment_uv
from aml_magics.services.environment.build import build
if len(sys.argv) > 2:
    environment_uv.uv_program = lambda: sys.argv[2]
built = build(__import__("json").loads(sys.argv[1]), lambda line: print(line, flush=True))
print(built.python, flush=True)
"""


def _start(asked: dict, *more: str) -> subprocess.Popen[str]:
    import json

    command = [sys.executable, "-c", _BUILD, json.dumps(asked), *more]
    environ = {**os.environ, "PYTHONPATH": str(own_package.PACKAGE.parent)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environ, text=True, start_new_session=True, **pipes)


def test_of_processes_that_build_the_same_at_once_one_builds():
    programs = [_start(definition("six", "attrs")) for _ in range(3)]

    said = [finish(program).splitlines() for program in programs]

    assert len({lines[-1] for lines in said}) == 1
    assert sum(line.startswith("Building ") for lines in said for line in lines) == 1
    assert [one.state for one in builds()] == ["Ready"]


def test_a_killed_build_is_not_ready_and_the_next_starts_anew(fake_uv, monkeypatch, tmp_path):
    mark = tmp_path / "mark"
    slow = fake_uv(
        f'case "$1 $2" in "pip sync") echo $$ > {mark}; exec sleep 600;; esac\nexec "$UV" "$@"'
    )
    monkeypatch.undo()
    monkeypatch.setenv("AML_MAGICS_HOME", str(tmp_path / "home"))
    program = _start(definition("six"), str(slow))
    eventually(lambda: mark.exists() and mark.read_text().strip())
    assert [one.state for one in builds()] == ["Building"]

    program.kill()
    program.communicate()

    assert find_built(definition("six")) is None
    child = int(mark.read_text())
    assert [one.state for one in builds()] == ["Building"]  # what uv still writes is left alone
    os.kill(child, signal.SIGKILL)
    eventually(lambda: [one.state for one in builds()] == ["Unfinished"])
    said: list[str] = []
    built = build(definition("six"), said.append)
    assert run(built.python, "import six; print(1)") == "1\n"
    assert said[0].startswith("Building ")


def test_old_code_in_a_built_environment_has_the_names_of_numpy_and_logs_a_model_with_mlflow(
    tmp_path,
):
    built = build(definition("azureml-mlflow", "scikit-learn"))
    code = """
import mlflow, mlflow.sklearn, numpy as np
from azureml.core import Workspace
from azureml.mlflow import get_portal_url, register_model
from sklearn.linear_model import LogisticRegression
ws = Workspace.from_config()
mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
mlflow.set_experiment("e")
model = LogisticRegression().fit(np.array([[0], [1]], dtype=np.float), [0, 1])
with mlflow.start_run() as run:
    mlflow.sklearn.log_model(model, "model")
assert get_portal_url(run) == f"aml-magics run {run.info.run_id}"
print(register_model(run, "iris", "model").name, mlflow.__version__)
"""
    done = subprocess.run(
        [built.python, "-W", "ignore", "-c", code],
        env={**os.environ, OLD_NUMPY: "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "iris 3.9.0\n", done.stderr
    assert "aml_magics gives float" in done.stderr
