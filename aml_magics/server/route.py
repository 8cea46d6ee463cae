"""All routes, below ``/aml-magics/api/`` of the Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from aml_magics.server.activity import ActivityHandler
from aml_magics.server.file import FileHandler
from aml_magics.server.question import (
    ChangeHandler,
    CompareHandler,
    QuestionHandler,
    RunsHandler,
    WorkspacesHandler,
)
from aml_magics.server.stream import FollowHandler

Route = tuple[Any, ...]
BASE = "aml-magics/api"
_WORKSPACE = r"workspaces/([^/]+)"
_RUN = rf"{_WORKSPACE}/runs/([^/]+)"
_DATASET = rf"{_WORKSPACE}/datasets/([^/]+)"


def _of_run(kind: str, *names: str) -> Route:
    return (f"{_RUN}/{kind}", QuestionHandler, {"kind": kind, "path": ("run",), "names": names})


def _of_dataset(kind: str, end: str, *names: str) -> Route:
    given = {"kind": kind, "path": ("dataset",), "names": names}
    return (f"{_DATASET}{end}", QuestionHandler, given)


def _change(address: str, kind: str, subject: str, *names: str) -> Route:
    return (address, ChangeHandler, {"kind": kind, "path": (subject,), "names": names})


def _difference(address: str, kind: str, subject: str) -> Route:
    given = {"kind": kind, "path": (subject, "other")}
    return (f"{address}/diff/([^/]+)", QuestionHandler, given)


ROUTES: tuple[Route, ...] = (
    ("workspaces", WorkspacesHandler),
    ("activity", ActivityHandler),
    (f"{_WORKSPACE}/experiments", QuestionHandler, {"kind": "experiments"}),
    (f"{_WORKSPACE}/runs", RunsHandler, {"kind": "runs", "names": ("offset", "limit")}),
    (f"{_WORKSPACE}/compare", CompareHandler, {"kind": "compare"}),
    (f"{_WORKSPACE}/events/runs", FollowHandler, {"kind": "runs"}),
    (f"{_WORKSPACE}/events/compare", FollowHandler, {"kind": "compare"}),
    (_RUN, QuestionHandler, {"kind": "run", "path": ("run",)}),
    (f"{_RUN}/events", FollowHandler, {"kind": "run"}),
    (f"{_RUN}/files/(.*)", FileHandler),
    _change(f"{_RUN}/cancel", "cancel", "run"),
    _of_run("points", "metric", "x", "low", "high", "limit"),
    _of_run("log", "file", "start", "end"),
    _of_run("snapshot"),
    _of_run("ghosts"),
    _of_run("preview", "file"),
    _difference(_RUN, "diff", "run"),
    (f"{_WORKSPACE}/datasets", QuestionHandler, {"kind": "datasets"}),
    _of_dataset("dataset", "", "version"),
    _of_dataset("dataset_rows", "/rows", "offset", "limit", "sort", "descending", "filter"),
    _change(f"{_DATASET}/profile", "dataset_profile", "dataset", "exact"),
    _difference(_DATASET, "dataset_diff", "dataset"),
)


def routes(base_url: str) -> list[Route]:
    """The routes for a Jupyter server, below its base URL."""
    return [(url_path_join(base_url, BASE, route[0]), *route[1:]) for route in ROUTES]
