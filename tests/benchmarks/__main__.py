"""Run the benchmarks, print a table, write JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks._bench import Bench
from tests.benchmarks._table import HEADINGS, lines_of, row
from tests.benchmarks.peers.comparison import compare
from tests.benchmarks.peers.place import scripts


def benchmarks() -> dict[str, str]:
    """The modules of the benchmarks by their names: a file of a subject's folder is one."""
    files = sorted(Path(__file__).parent.glob("*/*.py"), key=lambda path: path.stem)
    found = [
        path for path in files if not path.stem.startswith("_") and path.parent.name != "peers"
    ]
    return {path.stem: f"{__package__}.{path.parent.name}.{path.stem}" for path in found}


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    names = list(benchmarks())
    parser.add_argument("--only", metavar="NAME,…", help=f"some of: {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="little, to see that all works")
    parser.add_argument("--peers", action="store_true", help="also beside the peers")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), metavar="FILE")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",") if chosen.only else names
    unknown = sorted(set(chosen.only) - set(names))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(names)}")
    return chosen


def run_all(chosen: argparse.Namespace) -> tuple[dict[str, Any], dict[str, str]]:
    """Figures by benchmark, and why others gave none."""
    figures, broken = {}, {}
    print(row(*HEADINGS), flush=True)
    for name in chosen.only:
        folder = Path(tempfile.mkdtemp(prefix=f"aml-magics-{name}-"))
        try:
            found = import_module(benchmarks()[name]).measure(Bench(folder, is_quick=chosen.quick))
            print(*lines_of(name, found), sep="\n", flush=True)
            figures[name] = {key: figure.plain() for key, figure in found.items()}
        except Exception as error:  # the other benchmarks are worth their time all the same
            broken[name] = f"{type(error).__name__}: {error}"
            print(f"{name}: broken: {broken[name]}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return figures, broken


def machine() -> dict[str, Any]:
    """Where the figures come from."""
    return {
        "aml_magics": version("aml-magics"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def main() -> int:
    """Run what was asked for; 1 where a benchmark broke, not where a target was missed."""
    chosen = options()
    if chosen.peers:
        scripts()  # their absence is told now, not after minutes
    report: dict[str, Any] = {"quick": chosen.quick, "machine": machine()}
    report["figures"], report["broken"] = run_all(chosen)
    if chosen.peers:
        report["peers"] = compare(is_quick=chosen.quick)
    chosen.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"written to {chosen.json}")
    return 1 if report["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
