"""All routes, below ``/aml-magics/api/`` of the Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from aml_magics.server.activity import ActivityHandler
from aml_magics.server.ask import AskHandler, WorkspacesHandler
from aml_magics.server.file import FileHandler
from aml_magics.server.stream import FollowHandler

Route = tuple[Any, ...]
BASE = "aml-magics/api"
_WORKSPACE = r"workspaces/([^/]+)"

ROUTES: tuple[Route, ...] = (
    ("workspaces", WorkspacesHandler),
    ("activity", ActivityHandler),
    (rf"{_WORKSPACE}/ask/([^/]+)", AskHandler),
    (rf"{_WORKSPACE}/follow/([^/]+)", FollowHandler),
    (rf"{_WORKSPACE}/runs/([^/]+)/files/(.*)", FileHandler),
)


def routes(base_url: str) -> list[Route]:
    """The routes for a Jupyter server, below its base URL."""
    return [(url_path_join(base_url, BASE, route[0]), *route[1:]) for route in ROUTES]
