"""TensorBoard on the files that runs write to ``logs/``, updated while they write."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import AmlError, StoreError
from aml_magics.sdk.run.tensorboard_export import check_installed, runs_of
from aml_magics.services.run import artifact

if TYPE_CHECKING:
    import os

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.store.store import Store

LOOK_SECONDS: Final = 1.0
_LOGS: Final = "logs/"
_ADDRESS = re.compile(r"https?://\S+")
_PROGRAM: Final = """
import os, sys, threading

def watch():
    sys.stdin.read()  # it ends with the process that started this
    os._exit(0)

threading.Thread(target=watch, daemon=True).start()
from tensorboard.main import run_main
run_main()
"""


class Tensorboard:
    """Shows the files below ``logs/`` of runs in TensorBoard, one folder per run.

    Args:
        runs: a list of runs; empty if ``local_root`` has all files already.
        local_root: the folder for the files; a temporary one if None.
        port: another one is used if it is taken.
        use_display_name: whether folders are named by the runs' names, not by their ids.

    Raises:
        DependencyError: the package tensorboard is not installed.
        InvalidArgumentError: ``runs`` are not runs.
    """

    def __init__(
        self,
        runs: list[Run] | Run,
        local_root: str | os.PathLike[str] | None = None,
        port: int = 6006,
        use_display_name: bool = False,
    ) -> None:
        check_installed()
        self._runs = runs_of(runs, "Tensorboard")
        self._local_root = None if local_root is None else Path(local_root)
        self._root = Path()
        self._port = port
        self._use_display_name = use_display_name
        self._process: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()
        self._follower: threading.Thread | None = None
        self._copied: dict[Path, str] = {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def start(self, start_browser: bool = False) -> str:
        """Start TensorBoard for this machine only and return its address.

        New files of live runs follow.

        Raises:
            AmlError: it could not be started; the message has TensorBoard's own.
        """
        self.stop()
        self._stopped.clear()
        if self._local_root is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="aml-magics-tensorboard-")
            self._root = Path(self._temporary.name)
        else:
            self._root = self._local_root
        self._root.mkdir(parents=True, exist_ok=True)
        self._copied.clear()
        self._copy()
        arguments = ["--logdir", str(self._root), "--port", str(_free(self._port))]
        arguments += ["--host", "127.0.0.1", "--reload_interval", str(int(LOOK_SECONDS))]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        address = self._address(self._process)
        self._follower = threading.Thread(target=self._follow, name="aml-tensorboard", daemon=True)
        self._follower.start()
        print(address)
        if start_browser:
            webbrowser.open(address)
        return address

    def stop(self) -> None:
        """Stop TensorBoard; files in ``local_root`` stay."""
        self._stopped.set()
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        if self._follower is not None:
            self._follower.join()
            self._follower = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _address(self, process: subprocess.Popen[str]) -> str:
        """The address, which TensorBoard writes once it answers there."""
        said: list[str] = []
        with contextlib.ExitStack() as closing:
            output = closing.enter_context(process.stdout or io.StringIO())
            for line in output:
                said.append(line)
                found = _ADDRESS.search(line)
                if found is not None and "TensorBoard" in line:
                    closing.pop_all()
                    threading.Thread(target=_drain, args=(output,), daemon=True).start()
                    return found[0]
        self.stop()
        raise AmlError(f"TensorBoard did not start: {' '.join(''.join(said[-5:]).split())[-500:]}")

    def _follow(self) -> None:
        is_told = False
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self._copy()
                is_told = False
            except (StoreError, OSError) as error:  # away for a while: the next look may find it
                if not is_told:
                    print(f"Tensorboard does not follow the runs now: {error}", file=sys.stderr)
                is_told = True

    def _copy(self) -> None:
        for run in self._runs:
            store = run._workspace.store
            for one in artifact.files(store, run.record):
                if not one.name.startswith(_LOGS):
                    continue
                target = self._folder_of(run) / one.name.removeprefix(_LOGS)
                if self._copied.get(target) != one.digest:
                    _bring(store, one, target)
                    self._copied[target] = one.digest

    def _folder_of(self, run: Run) -> Path:
        name = run.display_name if self._use_display_name else run.id
        if [one.display_name for one in self._runs].count(name) > 1:
            name = f"{name}-{run.id}"
        return self._root / re.sub(r"[^\w.-]+", "_", name).lstrip(".")


def _bring(store: Store, file: ArtifactRecord, target: Path) -> None:
    """Update a copy in place: TensorBoard has it open, and a log grows at its end."""
    target.parent.mkdir(parents=True, exist_ok=True)
    known = target.stat().st_size if target.exists() else 0
    is_longer = 0 < known <= file.size
    with store.blobs.open(file.digest) as source, target.open("ab" if is_longer else "wb") as copy:
        source.seek(known if is_longer else 0)
        shutil.copyfileobj(source, copy)


def _free(port: int) -> int:
    """The port, or 0, for any, if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _drain(stream: IO[str]) -> None:
    """Read TensorBoard's further output until it ends: a full pipe would block it."""
    with stream:
        for _ in stream:
            pass
