"""Moving files to and from Azure Blob Storage (a real Azurite), beside adlfs alone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks._bench import Bench
    from tests.fixtures.azurite import AzuriteServer

_SHARE = 0.8
"""Of adlfs's speed that must be reached."""


def measure(bench: Bench) -> Figures:
    """Few large files and many small ones, there and back; each side in turn, in fresh processes."""
    from tests.fixtures.azurite import start_azurite

    home = bench.home()
    folder = home / "azurite"
    folder.mkdir()
    server = start_azurite(folder)
    try:
        large = bench.times(4, 2), bench.times(50_000_000, 100_000)
        small = bench.times(1_000, 20), 20_000
        figures: Figures = {}
        for count, size in (large, small):
            source = _files(home, count, size)
            name = f"{count:,} files of {size / 1e6:g} MB"
            figures |= _beside(bench, home, server, source, name)
            shutil.rmtree(source)
        return figures
    finally:
        server.stop()


def _files(home: Path, count: int, size: int) -> Path:
    source = home / f"source-{count}"
    source.mkdir()
    for number in range(count):
        (source / f"{number:05}.bin").write_bytes(os.urandom(size))
    return source


def _beside(bench: Bench, home: Path, server: AzuriteServer, source: Path, name: str) -> Figures:
    taken: dict[str, list[float]] = {}
    sides = [("adlfs", alone), ("ours", ours)]
    for _ in range(bench.times(6, 1)):
        for side, function in sides:
            given = [server.connection_string, server.key, server.account, server.endpoint]
            up, down = bench.call(home, function, given, server.make_container(), str(source))
            taken.setdefault(f"{side} up", []).append(up)
            taken.setdefault(f"{side} down", []).append(down)
        sides.reverse()  # Azurite gets slower the more it holds
    seconds = {side: median(values) for side, values in taken.items()}
    size = sum(path.stat().st_size for path in source.iterdir()) / 1e6
    figures: Figures = {}
    for way in ("up", "down"):
        peer, own = seconds[f"adlfs {way}"], seconds[f"ours {way}"]
        # At the size of a trial nothing but start-up is measured.
        target = None if bench.is_quick else 1 / _SHARE
        figures[f"{name}, {way}: adlfs alone"] = Figure(size / peer, "MB/s")
        figures[f"{name}, {way}"] = Figure(size / own, "MB/s")
        figures[f"{name}, {way}: time as a share of adlfs's"] = Figure(own / peer, "", target)
    return figures


def alone(given: list[str], container: str, source: str) -> tuple[float, float]:
    """Seconds of adlfs's own put and get of a folder, at the concurrency that it chooses."""
    from adlfs import AzureBlobFileSystem

    files = AzureBlobFileSystem(connection_string=given[0])
    files.ls(container)
    up = _seconds(lambda: files.put(f"{source}/", f"{container}/alone/", recursive=True))
    back = Path(source).parent / "alone"
    down = _seconds(lambda: files.get(f"{container}/alone/", str(back), recursive=True))
    _check(Path(source), back)
    return up, down


def ours(given: list[str], container: str, source: str) -> tuple[float, float]:
    """Seconds of the datastore's upload and download."""
    from aml_magics import Workspace
    from aml_magics.sdk.data.store.datastore import Datastore

    _, key, account, endpoint = given
    datastore = Datastore.register_azure_blob_container(
        Workspace.from_config(),
        "measured",
        container,
        account,
        account_key=key,
        endpoint=endpoint,
        protocol="http",
        overwrite=True,
    )
    datastore.upload_files([], show_progress=False)  # what is imported is not measured
    back = Path(source).parent / "ours"
    up = _seconds(lambda: datastore.upload(source, "ours", show_progress=False))
    down = _seconds(lambda: datastore.download(str(back), "ours", show_progress=False))
    _check(Path(source), back / "ours")
    return up, down


def _seconds(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def _check(source: Path, back: Path) -> None:
    """Whether all came back; and make room."""
    sizes = {path.name: path.stat().st_size for path in source.iterdir()}
    assert {path.name: path.stat().st_size for path in back.iterdir()} == sizes
    shutil.rmtree(back)
