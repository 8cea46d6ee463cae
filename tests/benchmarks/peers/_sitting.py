"""One sitting: every operation for every peer in turn. A process of its own, for ``bench_peers`` changes its folder.

``python -m tests.benchmarks.peers._sitting FILE [--quick]`` writes what each peer told as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.place import scripts

OURS = "aml_magics"
BASELINES = ("base_append", "base_mmap", "base_sqlite_auto")
SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Operation:
    """What is measured: an operation of the harness and, where it needs one, what makes its store."""

    name: str
    operation: str
    arguments: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    rounds: int = 3


def operations(*, is_quick: bool) -> list[Operation]:
    """All operations of a sitting."""
    points, runs = ("2000", "50") if is_quick else ("100000", "10000")
    found = [
        Operation("emptyrun", "emptyrun"),
        Operation("log10k", "log10k", ("--n", "1000") if is_quick else ()),
        Operation("log100k", "log100k", ("--n", points, "--cap", "60")),
        Operation("read100k", "read", before=("build_points", "--n", points)),
        Operation("killtest", "killtest"),
        Operation("conc", "conc", ("--n", "200") if is_quick else ()),
        Operation("search", "search", before=("build_runs", "--n", runs, "--cap", "300"), rounds=1),
    ]
    million = Operation("read1m", "read", before=("build_points", "--n", "1000000"), rounds=1)
    return found if is_quick else [*found, million]


class Sitting:
    """Peers whose environments exist, ours among them.

    Args:
        harness: the module ``bench_peers``.
    """

    def __init__(self, harness: Any) -> None:
        self._harness = harness
        self._root = Path(harness.R)
        self.peers = [OURS, *self._others()]
        self._over: set[tuple[str, str]] = set()

    def _others(self) -> list[str]:
        """The baselines asked for, and of every other environment that exists its first label."""
        first: dict[str, str] = {}
        for label, (venv, _, _) in self._harness.PEERS.items():
            if self._python(venv).exists():
                first.setdefault(venv, label)
        first.pop("base", None)
        return [*BASELINES, *first.values()]

    def round(self, operation: Operation) -> list[dict[str, Any]]:
        """One turn of every peer."""
        found = []
        for peer in self.peers:
            if (peer, operation.name) in self._over:
                continue
            record = self._measure(peer, operation)
            if record["told"] is None or "na" in record["told"]:
                self._over.add((peer, operation.name))
            found.append(record)
        return found

    def _measure(self, peer: str, operation: Operation) -> dict[str, Any]:
        folder = self._root / "stores" / f"aml-{operation.name}-{peer}"
        store = folder / "store"  # the harness puts files of its own beside it
        built, complaint = None, ""
        shutil.rmtree(folder, ignore_errors=True)
        try:
            if operation.before:
                built, complaint = self._run(peer, store, operation.before)
                if built is None or "na" in built:
                    return self._record(peer, operation, built, built, complaint)
            told, complaint = self._run(peer, store, (operation.operation, *operation.arguments))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self._record(peer, operation, told, built, complaint)

    def _record(
        self,
        peer: str,
        operation: Operation,
        told: Any,
        built: Any,
        complaint: str,
    ) -> dict[str, Any]:
        why = complaint.strip()[-600:] if told is None else ""
        where = {"peer": peer, "operation": operation.name}
        return {**where, "told": told, "built": built, "complaint": why}

    def _run(self, peer: str, store: Path, words: tuple[str, ...]) -> tuple[Any, str]:
        command, environment = self._command(peer), dict(os.environ)
        environment |= {"PYTHONDONTWRITEBYTECODE": "", "DO_NOT_TRACK": "true"}
        if peer != OURS:
            environment["HOME"] = str(self._root / "home")
        script, *variant = command[1:]
        whole = [command[0], script, words[0], "--store", str(store), *variant, *words[1:]]
        told, complaint, _, _ = self._harness.measure(whole, environment, SECONDS)
        return told, complaint

    def _command(self, peer: str) -> list[str]:
        """Interpreter, script and, where there is one, the variant."""
        if peer == OURS:
            return [sys.executable, str(Path(__file__).with_name("aml_magics_peer.py"))]
        venv, script, variant = self._harness.PEERS[peer]
        path = scripts() / "peers" / f"{script}_peer.py"
        return [str(self._python(venv)), str(path), *(["--variant", variant] if variant else [])]

    def _python(self, venv: str) -> Path:
        return self._root / "venvs" / venv / "bin" / "python"


def main() -> None:
    """Hold the sitting."""
    file, is_quick = Path(sys.argv[1]).absolute(), "--quick" in sys.argv[2:]
    sys.path.insert(0, str(scripts()))
    sitting = Sitting(import_module("bench_peers"))
    found = []
    for operation in operations(is_quick=is_quick):
        began = time.monotonic()
        for _ in range(1 if is_quick else operation.rounds):
            found += sitting.round(operation)
        file.write_text(json.dumps(found), "utf-8")
        print(f"  {operation.name}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
