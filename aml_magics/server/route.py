"""All routes, below ``/aml-magics/api/`` of the Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from aml_magics.server.activity import ActivityHandler
from aml_magics.server.dataset import DatasetHandler, DatasetProfileHandler, DatasetsHandler
from aml_magics.server.file import FileHandler
from aml_magics.server.question import (
    CancelHandler,
    CompareHandler,
    QuestionHandler,
    RunHandler,
    RunsHandler,
)
from aml_magics.server.stream import FollowHandler
from aml_magics.server.workspace import ExperimentsHandler, WorkspacesHandler

Route = tuple[Any, ...]
BASE = "aml-magics/api"
_PLACE = r"workspaces/([^/]+)"
_RUN = rf"{_PLACE}/runs/([^/]+)"
_DATASET = rf"{_PLACE}/datasets/([^/]+)"


def _question(kind: str, *names: str, more: str = "") -> Route:
    return (f"{_RUN}/{kind}{more}", QuestionHandler, {"kind": kind, "names": names})


def _of_dataset(kind: str, *names: str, more: str = "") -> Route:
    return (f"{_DATASET}{more}", DatasetHandler, {"kind": kind, "names": names})


ROUTES: tuple[Route, ...] = (
    ("workspaces", WorkspacesHandler),
    ("activity", ActivityHandler),
    (rf"{_PLACE}/experiments", ExperimentsHandler),
    (rf"{_PLACE}/runs", RunsHandler),
    (rf"{_PLACE}/compare", CompareHandler),
    (rf"{_PLACE}/events/runs", FollowHandler, {"kind": "runs"}),
    (rf"{_PLACE}/events/compare", FollowHandler, {"kind": "compare"}),
    (_RUN, RunHandler),
    (rf"{_RUN}/events", FollowHandler, {"kind": "run"}),
    (rf"{_RUN}/cancel", CancelHandler),
    (rf"{_RUN}/files/(.*)", FileHandler),
    _question("points", "metric", "x", "low", "high", "limit"),
    _question("log", "file", "start", "end"),
    _question("snapshot"),
    _question("ghosts"),
    _question("preview", "file"),
    _question("diff", more="/([^/]+)"),
    (rf"{_PLACE}/datasets", DatasetsHandler),
    _of_dataset("dataset", "version"),
    _of_dataset("dataset_rows", "offset", "limit", "sort", "descending", "filter", more="/rows"),
    (rf"{_DATASET}/profile", DatasetProfileHandler),
    _of_dataset("dataset_diff", more="/diff/([^/]+)"),
)


def routes(base_url: str) -> list[Route]:
    """The routes as a Jupyter server takes them, below its own address."""
    return [(url_path_join(base_url, BASE, route[0]), *route[1:]) for route in ROUTES]
