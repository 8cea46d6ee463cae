"""A build context serves where it lies, as in its container."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SCORE = """
import json, os

def init():
    global weight
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.txt")) as file:
        weight = float(file.read())

def run(raw_data):
    return [sum(row) * weight for row in json.loads(raw_data)["data"]]
"""


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """The part of a build context that is run."""
    folder = tmp_path / "context"
    for name in ("azureml-app", "azureml-models/digits/1", "traffic", "collected"):
        (folder / name).mkdir(parents=True)
    (folder / "azureml-models/digits/1/model.txt").write_text("2")
    (folder / "azureml-app/score.py").write_text(SCORE)
    model = "azureml-models/digits/1"
    orders = {
        "service": "digits", "revision": 0, "app": "azureml-app", "entry_script": "score.py", "model_dir": model,
        "models": [{"name": "digits", "version": 1, "path": model}], "log": None, "keys": None,
        "traffic": "traffic", "collected": "collected",
    }  # fmt: skip
    (folder / "replica.json").write_text(json.dumps(orders))
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _started(context: Path, port: int) -> subprocess.Popen[bytes]:
    words = ["-m", "aml_magics.workers.container", "replica.json", "--port", str(port)]
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=context,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ},
    )


def _ask(port: int, path: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", body, timeout=60) as answer:
        return bytes(answer.read())


def test_context_serves_and_prints_its_log_until_it_is_told_to_end(context: Path) -> None:
    port = _free_port()
    with _started(context, port) as process:
        while process.poll() is None:
            try:
                assert _ask(port, "/") == b"Healthy"
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        answer = json.loads(_ask(port, "/score", b'{"data": [[1, 2]]}'))
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()

    assert answer == [6.0]
    assert process.returncode == 0
    assert b"POST /score 200" in said


def test_container_ends_with_the_reason_where_the_script_cannot_serve(context: Path) -> None:
    (context / "azureml-app/score.py").write_text("def run(data): return data\n")
    with _started(context, _free_port()) as process:
        said, _ = process.communicate()

    assert process.returncode != 0
    assert b"InitMissing" in said
