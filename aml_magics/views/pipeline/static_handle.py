"""The small tables that Azure's SDK shows for a published pipeline and an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.views.static.page import Page
from aml_magics.views.static.table import Cell, Table, code_cell

if TYPE_CHECKING:
    from collections.abc import Mapping


def published_handle_html(*, name: str, id_: str, status: str, address: str) -> str:
    """Azure's table of a published pipeline: Name, Id, Status, Endpoint."""
    facts: dict[str, Cell | str] = {
        "Name": name,
        "Id": code_cell(id_),
        "Status": status,
        "Endpoint": code_cell(address),
    }
    return _handle("published-pipeline-handle", f"Pipeline {name}", facts)


def endpoint_handle_html(*, name: str, id_: str, status: str, version: str, address: str) -> str:
    """A table of an endpoint: Name, Id, Status, Default version, Endpoint."""
    facts: dict[str, Cell | str] = {
        "Name": name,
        "Id": code_cell(id_),
        "Status": status,
        "Default version": version,
        "Endpoint": code_cell(address),
    }
    return _handle("endpoint-handle", f"Endpoint {name}", facts)


def _handle(name: str, label: str, facts: Mapping[str, Cell | str]) -> str:
    return Page(name, label, [Table.of_facts(facts)]).html
