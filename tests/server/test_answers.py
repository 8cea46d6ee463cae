"""What the routes answer, from a real server."""

from __future__ import annotations

import io
import math
import secrets
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.records.metric import MetricKind
from aml_magics.services.run import artifact, metric, run
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.log import log_path
from aml_magics.services.workspace import workspace as workspaces
from tests.services.conftest import eventually, finish

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer


def test_workspaces_and_experiments_are_listed(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    run.start(shown_store, "digits <b>")

    assert {"name": "test"} in jupyter_server.ask("workspaces").json()["workspaces"]
    rows = jupyter_server.question("experiments").json()["rows"]
    assert "digits <b>" in [row["name"] for row in rows]


def test_a_broken_workspace_hides_no_other(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    broken = workspaces.create("broken")
    workspaces.close(broken)
    (broken.folder / "workspace.json").write_text("{", encoding="utf-8")
    try:
        names = jupyter_server.ask("workspaces").json()["workspaces"]
        assert {"name": "test"} in names
        assert jupyter_server.question("runs", "broken", query={}).status == 503
        assert jupyter_server.question("runs", query={}).status == 200
    finally:
        (broken.folder / "workspace.json").unlink()


def test_a_workspace_that_was_made_anew_is_not_served_from_the_one_that_was_removed(
    jupyter_server: JupyterServer,
) -> None:
    name = f"again-{secrets.token_hex(4)}"
    old = workspaces.create(name)
    run.complete(old, run.start(old, "old"))
    with jupyter_server.follow("runs", name, query={}) as stream:
        events = iter(stream)
        assert [row["experiment"] for row in next(events).data["view"]["rows"]] == ["old"]
        workspaces.close(old)
        shutil.rmtree(old.folder)
        new = workspaces.create(name)
        run.complete(new, run.start(new, "new"))

        last = [*events][-1]
        # It is looked for a few times a second, so perhaps while there is none.
        assert last.name == "gone" or "while this process had it open" in last.data["message"]

    rows = jupyter_server.question("runs", name, query={}).json()["rows"]
    assert [row["experiment"] for row in rows] == ["new"]
    shutil.rmtree(new.folder)
    workspaces.close(new)
    assert jupyter_server.question("runs", name, query={}).status == 404


def test_numbers_that_json_cannot_say_come_through(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    values = [math.nan, math.inf, -math.inf, -0.0, 1e308, 5e-324, 2**53 - 1]
    record = run.start(shown_store, "digits", params={"n": math.nan, "huge": 10**30})
    journal = metric.writer(shown_store, record)
    for value in values:
        journal.number("x", float(value))
    journal.value("y", MetricKind.SCALAR, 2**60)
    view = jupyter_server.question("run", run=record.id).json()
    points = view["metrics"][0]["points"]["values"]

    assert points[:3] == ["NaN", "Infinity", "-Infinity"]
    assert points[3:] == values[3:]
    assert math.copysign(1, points[3]) == -1
    assert view["metrics"][1]["last"] == str(2**60)
    assert view["params"] == {"n": "NaN", "huge": str(10**30)}
    assert view["token"]


def test_each_question_is_answered(shown_store: Store, jupyter_server: JupyterServer) -> None:
    store = shown_store
    first = run.complete(store, run.start(store, "digits"))
    record = run.start(store, "digits", run_id="a run/ünï", params={"a": 1})
    journal = metric.writer(store, record)
    for value in range(100):
        journal.number("loss x/y", float(value))
    log_path(store, record).write_text("one\ntwo\n", encoding="utf-8")
    artifact.add_file(store, record, "d/a b.csv", io.BytesIO(b"x,y\n1,2\n"))
    snapshot.put(store, record, {"source": "x = 1"})

    def asked(kind: str, **question: object) -> Any:
        reply = jupyter_server.question(kind, run=record.id, **question)
        assert reply.status == 200, reply.body
        return reply.json()

    points = asked("points", metric="loss x/y", x="step", low=5, high=7, limit=100)
    assert points["values"] == [5.0, 6.0, 7.0]
    assert len(asked("points", metric="loss x/y", low=None)["values"]) == 100
    assert asked("log")["lines"] == ["one", "two"]
    assert asked("log", start=4)["lines"] == ["two"]
    assert asked("preview", file="d/a b.csv")["table"]["rows"] == [["1", "2"]]
    artifact.add_file(store, record, "d/a  b ", io.BytesIO(b"blanks"))
    assert asked("preview", file="d/a  b ")["text"] == "blanks"
    assert asked("snapshot")["parts"][0]["text"] == "x = 1"
    assert asked("ghosts")[0]["run"]["id"] == first.id
    assert asked("diff", other=first.id)["sections"][0]["title"] == "Parameters"
    compared = jupyter_server.question("compare", runs=[first.id, record.id])
    assert len(compared.json()["runs"]) == 2


def test_a_table_is_asked_for_by_its_query(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    store = shown_store
    parent = run.start(store, "digits")
    child = run.start(store, "digits", parent=parent)
    other = run.complete(store, run.start(store, "other"))

    def ids(query: dict[str, object], **page: int) -> list[str]:
        rows = jupyter_server.question("runs", query=query, **page).json()["rows"]
        return [row["id"] for row in rows]

    assert ids({}) == [other.id, parent.id]
    assert ids({"experiment": "digits"}) == [parent.id]
    assert ids({"status": "Completed"}) == [other.id]
    assert ids({"parent": parent.id}) == [child.id]
    assert ids({"ids": [child.id, other.id]}) == [child.id, other.id]
    assert ids({"sort": "number desc"}, limit=1, offset=1) == [other.id]
    assert ids({"filter": "experiment = 'other'"}) == [other.id]
    assert ids({"find": "experiment in ('other')"}) == [other.id]


def test_cancel_ends_a_run_of_another_process(
    shown_store: Store, jupyter_server: JupyterServer, scripts
) -> None:
    owner = scripts.start("""
        record = run.start(store, "e", run_id="r")
        journal = metric.writer(store, record)
        journal.number("x", 1.0)
        say("running")
        try:
            while True:
                journal.number("x", 2.0)
                time.sleep(0.01)
        except RunFinishedError:
            say("canceled")
    """)
    owner.stdout.readline()
    reply = jupyter_server.question("cancel", run="r")

    assert reply.json()["status"] in ("CancelRequested", "Canceled")
    assert finish(owner) == "canceled\n"
    eventually(lambda: run.get(shown_store, "r").status == "Canceled")


def test_an_ended_run_cannot_be_canceled(shown_store: Store, jupyter_server: JupyterServer) -> None:
    record = run.complete(shown_store, run.start(shown_store, "e"))
    reply = jupyter_server.question("cancel", run=record.id)

    assert reply.status == 409
    assert "is Completed already" in reply.json()["message"]


@pytest.mark.parametrize("kind", ["runs", "run", "experiments", "log", "snapshot"])
def test_a_question_that_is_no_change_changes_nothing(
    shown_store: Store, jupyter_server: JupyterServer, kind: str
) -> None:
    run.complete(shown_store, run.start(shown_store, "e", run_id="r"))

    def all_rows() -> list[object]:
        from aml_magics.store.catalogue.schema import metadata

        with shown_store.catalogue.read() as connection:
            return [
                tuple(connection.execute(table.select()).all()) for table in metadata.sorted_tables
            ]

    before = all_rows()
    question = {"runs": {"query": {}}, "experiments": {}}.get(kind, {"run": "r"})
    assert jupyter_server.question(kind, **question).status == 200
    assert all_rows() == before


def test_loading_the_extension_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    from tests.fixtures.source import ROOT

    code = (
        "import sys, aml_magics.server as s, aml_magics.server.route; "
        "assert s._jupyter_server_extension_points() == [{'module': 'aml_magics.server'}]; "
        "print(*sorted({'numpy', 'sqlalchemy', 'pandas', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
