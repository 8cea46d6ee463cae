"""A request that predicts with scikit-learn, beside other servers, in turn in one sitting."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks.service import _servers
from tests.benchmarks.service._ours import ours

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

CLIENTS = (1, 8)
BARE = "bare starlette"


def measure(bench: Bench) -> Figures:
    """Peers are measured where their environment is; see ``_servers.peers_python``."""
    rounds, seconds = bench.times(5, 1), bench.times(4, 1)
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        _servers.write_app(folder)
        enter = stack.enter_context
        servers = {
            "ours": enter(ours(bench, folder))[0],
            BARE: enter(_servers.bare_starlette(folder)),
        }
        python = _servers.peers_python()
        if python is not None:
            servers["azmlinfsrv"] = enter(_servers.azure_server(folder, python))
            servers["mlflow serve"] = enter(_servers.mlflow_serve(folder, python))
        for clients in CLIENTS:
            told: dict[str, list[dict[str, float]]] = {one: [] for one in servers}
            for _ in range(rounds):
                for one, server in servers.items():
                    found = _servers.put_load(server, clients, seconds)
                    told[one].append({key: found[key] for key in ("p50", "p99", "rate", "lost")})
            figures |= _figures(clients, {one: medians(rows) for one, rows in told.items()})
    return figures


def _figures(clients: int, found: dict[str, dict[str, float]]) -> Figures:
    after = f"{clients} client{'s' if clients > 1 else ''}"
    figures: Figures = {}
    for one, row in found.items():
        figures[f"{one}: p50, {after}"] = Figure(row["p50"], "ms")
        figures[f"{one}: p99, {after}"] = Figure(row["p99"], "ms")
        figures[f"{one}: requests a second, {after}"] = Figure(row["rate"], "/s")
        figures[f"{one}: lost, {after}"] = Figure(row["lost"], "")
    ratio = found["ours"]["p50"] / found[BARE]["p50"]
    figures[f"ours / {BARE}: p50, {after}"] = Figure(ratio, "x", at_most=1.3)
    for peer in sorted(found.keys() - {"ours", BARE}):
        late = found["ours"]["p99"] / found[peer]["p99"]
        few = found[peer]["rate"] / found["ours"]["rate"]
        figures[f"ours / {peer}: p99, {after}"] = Figure(late, "x", at_most=1)
        figures[f"{peer} / ours: requests a second, {after}"] = Figure(few, "x", at_most=1)
    return figures
