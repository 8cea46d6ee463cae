"""The same prediction behind several servers. Peers are those of an environment made by the peers' scripts."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]
SCORE = """
import json
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

def init():
    global model
    model = LogisticRegression(max_iter=500).fit(*load_iris(return_X_y=True))

def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
"""
BARE = """
import json
import score
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

score.init()

async def answer(request):
    found = score.run(await request.body())
    return Response(json.dumps(found), media_type="application/json")

app = Starlette(routes=[Route("/score", answer, methods=["POST"])])
"""
SAVE = """
import sys
import mlflow.sklearn, score
score.init()
mlflow.sklearn.save_model(score.model, sys.argv[1])
"""
_PATIENCE = 120.0
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Server:
    """What answers at a port."""

    port: int
    path: str = "/score"
    key: str = "data"

    @property
    def body(self) -> str:
        """The request that asks for the prediction."""
        return json.dumps({self.key: ROWS})


def peers_python() -> Path | None:
    """The Python with the peers; None where there is none."""
    home = os.environ.get("PEER_BENCH_HOME") or Path(tempfile.gettempdir(), "peer-bench")
    python = Path(home, "venvs", "serve", "bin", "python")
    return python if python.exists() else None


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def write_app(folder: Path) -> None:
    """Write the scoring script, and the application that calls it."""
    for name, text in {"score.py": SCORE, "bare.py": BARE, "save.py": SAVE}.items():
        (folder / name).write_text(text, encoding="utf-8")


@contextmanager
def bare_starlette(folder: Path) -> Iterator[Server]:
    """One process of uvicorn, by the Python that serves ours."""
    server = Server(free_port())
    words = ["-m", "uvicorn", "bare:app", "--port", str(server.port), "--no-access-log"]
    with _running([sys.executable, *words], folder, server):
        yield server


@contextmanager
def mlflow_serve(folder: Path, python: Path) -> Iterator[Server]:
    """``mlflow models serve``."""
    server = Server(free_port(), "/invocations", "inputs")
    model = folder / "mlflow-model"
    if not model.exists():
        subprocess.run([python, "save.py", str(model)], cwd=folder, check=True, capture_output=True)
    words = ["-m", "mlflow", "models", "serve", "-m", str(model), "--env-manager", "local"]
    with _running([str(python), *words, "-p", str(server.port)], folder, server, python):
        yield server


@contextmanager
def azure_server(folder: Path, python: Path) -> Iterator[Server]:
    """``azmlinfsrv``."""
    server = Server(free_port())
    words = [str(python.with_name("azmlinfsrv")), "--entry_script", "score.py"]
    with _running([*words, "--port", str(server.port)], folder, server, python):
        yield server


@contextmanager
def _running(
    command: list[str], folder: Path, server: Server, python: Path | None = None
) -> Iterator[None]:
    environment = {**os.environ, "AZUREML_MODEL_DIR": str(folder), "DO_NOT_TRACK": "true"}
    if python is not None:
        environment |= {"PATH": f"{python.parent}:{os.environ['PATH']}", "PYTHONPATH": ""}
    log = folder / f"{server.port}.log"
    with log.open("wb") as out:
        popen = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(popen, server, log)
            yield
        finally:
            os.killpg(popen.pid, signal.SIGKILL)
            popen.wait()


def _wait(popen: subprocess.Popen[bytes], server: Server, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            ask(server)
        except (OSError, urllib.error.URLError):
            if popen.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"no answer: {log.read_text()[-1500:]}") from None
            time.sleep(_PAUSE)
        else:
            return


def ask(server: Server) -> Any:
    """Ask once; return what was answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{server.path}",
        server.body.encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def put_load(server: Server, clients: int, seconds: float) -> dict[str, Any]:
    """What a load tells, from a process of its own."""
    done = subprocess.run(load_command(server, clients, seconds), capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def load_command(server: Server, clients: int, seconds: float) -> list[str]:
    """The command of a load client."""
    script = str(Path(__file__).with_name("_load.py"))
    return [
        sys.executable,
        script,
        str(server.port),
        server.path,
        str(clients),
        str(seconds),
        server.body,
    ]
