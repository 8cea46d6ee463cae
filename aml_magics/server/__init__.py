"""The browser API: routes of a Jupyter server below ``/aml-magics/api/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "aml_magics.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    from aml_magics.server.route import routes

    base_url = app.web_app.settings["base_url"]
    app.web_app.add_handlers(".*$", routes(base_url))  # type: ignore[no-untyped-call]
    app.log.info("aml_magics: the routes are below %saml-magics/api/", base_url)
