"""``aml-magics status``: what the web services do, and the process that answers REST requests for pipelines."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from aml_magics.cli._base import ShellCommand
from aml_magics.cli._workspace import open_workspace
from aml_magics.records.service import ServiceState
from aml_magics.services.process import rest
from aml_magics.services.service import process

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.services.process.rest import RestStatus
    from aml_magics.services.service.process import ServiceStatus

_HEADER: Final = ("name", "state", "revision", "port", "requests", "since")


class StatusCommand(ShellCommand):
    """Lists services with what they do and what to do about it."""

    summary = "List web services and what serves pipelines: state, port, requests, since when."

    def execute(self, options: Namespace) -> int:
        """Print a table, a line for each service that needs something, and one about pipelines."""
        store = open_workspace(options.workspace).store
        found = process.status(store)
        if found:
            _print_services(found)
        else:
            print("There is no web service; Model.deploy(workspace, name, …) makes one.")
        if (answering := rest.rest_status(store)) is not None:
            print(_of_pipelines(answering))
        return 0


def _print_services(found: list[ServiceStatus]) -> None:
    rows = [_HEADER, *(_row(one) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())
    for one in found:
        if advice := _advice(one):
            print(f"{one.record.name}: {advice}")


def _of_pipelines(found: RestStatus) -> str:
    address = rest.address_of(found.port)
    if found.pid is not None:
        return f"Pipelines: REST requests are answered at {address} since {_when(found.since)}"
    if found.is_down:
        return (
            f"Pipelines: REST requests at {address} are not answered; `aml-magics up` starts that"
        )
    return f"Pipelines: none is active that could be started at {address}"


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ006 -- the reader's


def _row(one: ServiceStatus) -> tuple[str, ...]:
    record = one.record
    is_running = one.pid is not None
    since = _when(one.since) if one.since else "-"
    return (
        record.name,
        record.state,
        str(record.revision),
        str(record.port or "-"),
        str(one.requests) if is_running else "-",
        since,
    )


def _advice(one: ServiceStatus) -> str:
    record = one.record
    if record.state is ServiceState.STOPPED:
        return f"`aml-magics up {record.name}` starts it"
    if record.error is None:
        return ""
    still = ""
    if record.state is ServiceState.FAILED and one.pid is not None:
        serving = ", ".join(str(each.revision) for each in record.traffic)
        still = f" Revision {serving} still answers."
    return f"{record.error.message}{still}"
