"""How long the screens of models and services take from their snapshots to pixels."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import screen_page

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

WHEN = "2026-01-01T10:00:00Z"
ROW = "[role=row] [role=gridcell]"


def measure(bench: Bench) -> Figures:
    """1,000 versions of a model, the newest of them, 200 services, and one that was busy for an hour."""
    times, count = bench.times(7, 1), bench.times(1_000, 50)
    wanted = {
        f"{count:,} versions of a model, first paint": ("models", _models(count), ROW),
        f"a model of {count:,} versions, first paint": (
            "model",
            _model(count),
            ".aml-lineage rect",
        ),
        "200 services, first paint": ("services", _services(200), ROW),
        "a service with 300 seconds of load, first paint": ("service", _service(300), "canvas"),
    }
    call = "([kind, snapshot, wanted]) => mount(kind, snapshot, wanted)"
    figures: Figures = {}
    with screen_page() as page:
        for words, (kind, view, node) in wanted.items():
            asked = [kind, {"version": 1, "workspace": "w", "view": view}, node]
            page.evaluate(call, asked)  # compiles the scripts
            taken = median(page.evaluate(call, asked) for _ in range(times))
            figures[words] = Figure(taken, "ms", 250)
    return figures


def _models(count: int) -> dict[str, Any]:
    rows = [
        {
            "name": "digits",
            "version": version,
            "versions": count,
            "aliases": ["champion"] if version == count else [],
            "stage": "",
            "metrics": {"accuracy": 1 - 1 / (1 + version), "loss": 1 / (1 + version)},
            "files": 1,
            "size": 20_000 + version,
            "framework": "ScikitLearn 1.5",
            "author": "ada",
            "created": WHEN,
            "description": f"What was made on day {version}.",
            "tags": {},
            "run": f"run-{version}",
            "run_name": f"trial {version}",
            "experiment": "digits",
            "uses": [{"kind": "service", "name": "digits"}] if version == count else [],
        }
        for version in range(count, 0, -1)
    ]
    head = {"workspace": "w", "name": "digits", "filter": "", "metrics": ["accuracy", "loss"]}
    return {**head, "rows": rows, "count": count, "total": count}


def _model(count: int) -> dict[str, Any]:
    nodes = [
        *({"kind": "dataset", "id": f"d{n}", "title": f"part {n}", "note": ""} for n in range(20)),
        {"kind": "run", "id": "run", "title": "quick fox", "note": "#7 of digits"},
        {"kind": "model", "id": f"digits:{count}", "title": f"digits:{count}", "note": ""},
        *({"kind": "service", "id": f"s{n}", "title": f"s{n}", "note": ""} for n in range(20)),
    ]
    edges = [[n, 20] for n in range(20)] + [[20, 21]] + [[21, 22 + n] for n in range(20)]
    values = {f"value {n}": n / 7 for n in range(50)}
    run = {"id": "run", "name": "quick fox", "number": 7, "experiment": "digits"}
    files = [{"name": f"part {n}", "size": 9_000, "digest": f"{n:012}"} for n in range(500)]
    return {
        "id": f"digits:{count}",
        "name": "digits",
        "version": count,
        "path": "outputs",
        "created": WHEN,
        "updated": WHEN,
        "author": "ada",
        "description": "all of it",
        "framework": "",
        "stage": "",
        "aliases": ["champion"],
        "tags": {"team": "blue"},
        "properties": {},
        "resources": {},
        "source": "",
        "samples": {},
        "size": 4_500_000,
        "count": len(files),
        "files": files,
        "run_id": "run",
        "uses": [],
        "run": {**run, "status": "Completed", "params": values, "metrics": values},
        "lineage": {"nodes": [{**one, "is_gone": False} for one in nodes], "edges": edges},
        "versions": [{"version": n, "aliases": [], "stage": ""} for n in range(count, 0, -1)],
    }


def _services(count: int) -> dict[str, Any]:
    row = {
        "kind": "AKS",
        "state": "Healthy",
        "problem": "",
        "revision": 2,
        "answering": 2,
        "models": [{"name": "digits", "version": "3"}],
        "ready": 2,
        "replicas": 2,
        "load": {"rate": 2.5, "p95": 4.2, "errors": 0},
        "recent": [n % 7 for n in range(60)],
        "authentication": "key",
        "scoring_uri": None,
        "created": WHEN,
        "updated": WHEN,
        "description": "",
    }
    return {"workspace": "w", "rows": [{**row, "name": f"service-{n}"} for n in range(count)]}


def _service(seconds: int) -> dict[str, Any]:
    models = [{"name": "digits", "version": "3"}]
    revision = {
        "created": WHEN,
        "author": "ada",
        "version": "",
        "entry_script": "score.py",
        "models": models,
        "environment": "",
        "replicas": "2",
        "changes": ["models: 2 → 3"],
    }
    replica = {
        "revision": 2,
        "version": "",
        "state": "ready",
        "since": WHEN,
        "restarts": 0,
        "busy": 1,
        "waiting": 0,
        "memory": 80_000_000,
    }
    end = 1_780_000_000
    load = {
        "width": 1,
        "end": end,
        "times": [end - seconds + n for n in range(seconds)],
        "requests": [n % 50 for n in range(seconds)],
        "errors": [n % 3 for n in range(seconds)],
        "refused": [0] * seconds,
        "latency": [[1.5 + n % 5, 20.0 + n % 9, 120.0] for n in range(seconds)],
    }
    return {
        "name": "digits",
        "kind": "AKS",
        "state": "Healthy",
        "error": None,
        "description": "",
        "tags": {},
        "author": "ada",
        "created": WHEN,
        "updated": WHEN,
        "revision": 2,
        "answering": 2,
        "is_wanted": True,
        "authentication": "key",
        "swagger_uri": None,
        "scoring_uri": "http://127.0.0.1:6789/score",
        "models": models,
        "traffic": [],
        "replicas": [{**replica, "pid": 40 + n} for n in range(20)],
        "revisions": [{**revision, "number": 100 - n} for n in range(100)],
        "log_size": 1_000,
        "log_tail": [f"line {n}" for n in range(20)],
        "load": load,
    }
