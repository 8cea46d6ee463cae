"""Scripts that cannot serve, and what a script sees, prints and returns."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from aml_magics.records import token
from aml_magics.workers.replica.rawhttp import AMLRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workers.replica.conftest import Replica

_KEYS = {"primary": "first", "secondary": "second", "token_secret": "hidden"}


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        ("import nowhere", "ScriptImportError", "add 'nowhere' to the pip packages"),
        (
            "from inference_schema import x",
            "ScriptImportError",
            "add 'inference-schema' to the pip",
        ),
        ("def init(:", "ScriptImportError", "SyntaxError"),
        ("raise SystemExit(0)", "ScriptImportError", "SystemExit"),
        ("def run(data): pass", "InitMissing", "does not have an init() function defined"),
        ("def init(): pass", "RunMissing", "does not have a run() function defined"),
        ("def init(): pass\ndef run(): pass", "RunInvalid", "takes no argument"),
        (
            "def init(): 1 / 0\ndef run(data): pass",
            "InitError",
            "ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_script_that_cannot_serve_says_why_in_one_line(
    replicas: Callable[..., Replica], script: str, code: str, message: str
) -> None:
    replica = replicas(script, is_ready=False)
    failed = replica.wait_for("failed")
    assert failed["code"] == code
    assert message in failed["message"]
    assert "\n" not in failed["message"]
    if code in ("ScriptImportError", "InitError"):
        assert "score.py" in failed["traceback"]
    assert "replica/script.py" not in failed["traceback"]
    assert replica.process.wait(timeout=60) == 1
    assert message.rpartition(": ")[2] in replica.log


def test_an_init_that_does_not_end_says_where_it_is(replicas: Callable[..., Replica]) -> None:
    script = "import time\ndef init():\n    while True: time.sleep(0.01)\ndef run(data): pass\n"
    replica = replicas(script, is_ready=False, limits={"init": 0.5})
    failed = replica.wait_for("failed")
    assert failed["code"] == "InitTimeout"
    assert "while True: time.sleep(0.01)" in failed["traceback"]
    assert replica.process.wait(timeout=60) == 1


def test_what_a_script_prints_is_in_the_log(replicas: Callable[..., Replica]) -> None:
    script = """
import logging, os, sqlite3, sys, threading
def init():
    global database
    database = sqlite3.connect(":memory:")
    print("from", "print"); print("no end", end="")
def run(data):
    database.execute("SELECT 1")
    assert threading.current_thread() is threading.main_thread()
    logging.getLogger("mine").info("from a logger")
    sys.stderr.write("from stderr\\n")
    os.write(1, b"from native code\\n")
    return [os.environ["AZUREML_MODEL_DIR"], os.environ["X"], os.getcwd()]
"""
    replica = replicas(script, variables={"X": "1"})
    orders = replica.orders
    assert replica.post().json() == [orders["model_dir"], "1", orders["app"]]
    log = replica.log
    pid = replica.process.pid
    for line in (
        f" I [{pid}] azmlinfsrv.print - from print\n",
        f" I [{pid}] azmlinfsrv.print - no end\n",
        f" I [{pid}] mine - from a logger\n",
        "\nfrom stderr\n",
        "\nfrom native code\n",
    ):
        assert line in log
    Path(orders["log"]).rename(replica.folder / "log.1.txt")
    while "from native code" not in replica.log:
        replica.post()


def test_arrays_are_sent_as_lists_and_the_log_warns_once(replicas: Callable[..., Replica]) -> None:
    script = "import numpy\ndef init(): pass\ndef run(data): return {'a': numpy.arange(3), 'b': numpy.float32(1)}\n"
    replica = replicas(script)
    assert replica.post().json() == {"a": [0, 1, 2], "b": 1.0}
    replica.post()
    assert replica.log.count("run() returned numpy.ndarray") == 1


def test_keys_that_cannot_be_read_open_nothing(replicas: Callable[..., Replica]) -> None:
    replica = replicas(
        "def init(): pass\ndef run(d): return 1\n", is_ready=False, authentication="key"
    )
    assert replica.process.wait(timeout=60) == 1
    assert "keys.json" in replica.wait_for("failed")["message"]


def test_keys_are_asked_for_everywhere_but_for_health_and_a_new_one_works_at_once(
    replicas: Callable[..., Replica], tmp_path: object
) -> None:
    keys = f"{tmp_path}/keys.json"
    _write(keys, _KEYS)
    script = "def init(): pass\ndef run(d): return 1\n"
    replica = replicas(script, authentication="key", keys=keys)

    def status(key: str) -> int:
        return replica.post(headers={"Authorization": f"Bearer {key}"}).status_code

    assert [status(one) for one in ("first", "second", "third", "hidden")] == [200, 200, 401, 401]
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"):
        for path in ("/score", "/swagger.json", "/", "/none"):
            is_open = path == "/" and method in ("GET", "HEAD")
            answer = httpx.request(method, replica.url + path, verify=False)
            assert answer.status_code == (200 if is_open else 401), (method, path)
    _write(keys, {**_KEYS, "primary": "third"})
    replica.channel.send({"do": "keys"})
    while status("third") != 200:
        pass
    assert status("first") == 401


def test_a_token_is_for_one_service_and_a_time(
    replicas: Callable[..., Replica], tmp_path: object
) -> None:
    keys = f"{tmp_path}/keys.json"
    _write(keys, _KEYS)
    script = "def init(): pass\ndef run(d): return 1\n"
    replica = replicas(script, authentication="token", keys=keys)

    def status(secret: str, service: str, seconds: float) -> int:
        text = token.sign(secret, service, time.time() + seconds)
        return replica.post(headers={"Authorization": f"Bearer {text}"}).status_code

    assert status("hidden", "digits", 60) == 200
    assert status("hidden", "digits", -60) == 401
    assert status("other", "digits", 60) == 401
    assert status("hidden", "another", 60) == 403


def test_files_of_a_form_come_as_they_were_sent() -> None:
    content = bytes(range(256)) * 3 + b"\r\n\n\r"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    request = AMLRequest(
        "POST", "/score", "", [("Content-Type", "multipart/form-data; boundary=b")], body
    )
    assert request.files["f"].read() == content


def _write(path: str, keys: dict[str, str]) -> None:
    with open(path, "w") as file:  # noqa: PTH123 -- a path as text
        json.dump(keys, file)


def test_a_script_of_azures_first_sdk_gets_the_request(replicas: Callable[..., Replica]) -> None:
    script = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request): return AMLResponse(request.get_data() * 2, 202, {"Content-Type": "text/x"})
"""
    answer = replicas(script).post(b"ab")
    assert (answer.status_code, answer.content) == (202, b"abab")
    assert answer.headers["content-type"] == "text/x"
