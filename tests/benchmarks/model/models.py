"""Registering, finding, listing and copying models."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks._bench import Bench

MB = 1_000_000
_TARGETS = {
    "1 MB: register": 20.0,
    "100 MB: register / copy and hash, best of 7": 1.3,
    "100 MB: download / copy and hash, best of 7": 1.3,
    "1,000 versions: Model.list": 50.0,
}


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of a call; what was written before is on the disk, so that nobody else pays for it."""
    os.sync()
    began = perf_counter()
    work()
    return 1e3 * (perf_counter() - began)


def copy_and_hash(source: Path, target: Path) -> None:
    """What registering and copying a file cannot do without: read, hash, write and sync it."""
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())


def files_of(size: int, rounds: int) -> dict[str, float]:
    """Milliseconds with a file of ``size`` MB, whose bytes are others each time, and the best of them beside a copy's."""
    from aml_magics import Workspace
    from aml_magics.sdk.model.model import Model

    workspace = Workspace.from_config()
    Path("warm").write_bytes(b"model")
    Model.register(workspace, "warm", "warm")
    file, copy, folder = Path("model.bin"), Path("copy.bin"), Path("downloaded")
    steps: dict[str, Callable[[], Any]] = {
        "copy and hash": lambda: copy_and_hash(file, copy),
        "register": lambda: Model.register(workspace, file, "m"),
        "download": lambda: Model(workspace, "m").download(folder),
        "get_model_path, first": lambda: Model.get_model_path("m", _workspace=workspace),
        "get_model_path, again": lambda: Model.get_model_path("m", _workspace=workspace),
    }
    found: list[dict[str, float]] = []
    for _ in range(rounds):
        file.write_bytes(os.urandom(size * MB))
        found.append({name: timed(work) for name, work in steps.items()})
        copy.unlink()
        shutil.rmtree(folder)
        shutil.rmtree("azureml-models")
    best = {name: min(one[name] for one in found) for name in steps}
    beside = {
        f"{size} MB: {name} / copy and hash, best of {rounds}": best[name] / best["copy and hash"]
        for name in ("register", "download")
    }
    return {f"{size} MB: {name}": one for name, one in medians(found).items()} | beside


def versions_of(count: int, rounds: int) -> dict[str, float]:
    """Milliseconds to list and find, among ``count`` versions of one name with tags and properties."""
    from aml_magics import Workspace
    from aml_magics.sdk.model.model import Model

    workspace = Workspace.from_config()
    file = Path("model.bin")
    for number in range(count):
        file.write_bytes(b"%d" % number)
        described = {"tags": {"area": "a", "n": number}, "properties": {"auc": number / count}}
        Model.register(workspace, file, "m", **described)
    asked: dict[str, Callable[[], Any]] = {
        "Model.list": lambda: Model.list(workspace),
        "Model.list by tag": lambda: Model.list(workspace, tags=[["area", "a"]]),
        "Model.list latest": lambda: Model.list(workspace, latest=True),
        "Model(ws, name)": lambda: Model(workspace, "m"),
        "Model(ws, name, version)": lambda: Model(workspace, "m", version=count // 2),
        "Model(ws, id)": lambda: Model(workspace, id=f"m:{count // 2}"),
    }
    return medians(
        {f"{count:,} versions: {name}": timed(work) for name, work in asked.items()}
        for _ in range(rounds)
    )


def measure(bench: Bench) -> Figures:
    """Fresh processes, with the files in the system's cache; the copy is of the same sitting."""
    rounds = bench.times(7, 1)
    large = bench.times(100, 2)
    found = {
        **bench.call(bench.home(), files_of, 1, bench.times(21, 1)),
        **bench.call(bench.home(), files_of, large, rounds),
        **bench.call(bench.home(), versions_of, bench.times(1_000, 5), rounds),
    }
    return {
        name: Figure(value, "times" if "/ copy" in name else "ms", _TARGETS.get(name))
        for name, value in found.items()
    }
