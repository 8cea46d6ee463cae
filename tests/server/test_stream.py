"""Streams of a real server: told once, resumed, ended, and done with when nobody listens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

from aml_magics.services.run import metric, run
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.workspace import workspace as workspaces
from tests.services.conftest import eventually, kill
from tests.views.live_run import Shown

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import EventStream, JupyterServer


def log(store: Store, record: RunRecord, *values: float) -> None:
    journal = metric.writer(store, record)
    for value in values:
        journal.number("loss", value)


def test_a_run_is_told_until_it_ends(shown_store: Store, jupyter_server: JupyterServer) -> None:
    record = run.start(shown_store, "digits")
    log(shown_store, record, 1.0, 2.0)
    with jupyter_server.follow("run", run=record.id) as stream:
        events = iter(stream)
        first = next(events)
        assert (first.name, first.data["type"], first.id) == ("view", "view", first.data["token"])
        log(shown_store, record, 3.0)
        change = next(events).data["update"]["metrics"][0]
        assert change["more"]["values"] == [3.0]
        run.complete(shown_store, record)
        rest = list(events)

        assert [event.name for event in rest if event.name != "update"] == ["end"]
        headers = stream.reply.headers
        assert headers["Content-Type"] == "text/event-stream"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Accel-Buffering"] == "no"


def test_who_comes_back_is_not_told_the_same_again(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    record = run.start(shown_store, "digits")
    log(shown_store, record, 1.0, 2.0)
    with jupyter_server.follow("run", run=record.id) as stream:
        token = next(iter(stream)).id
    for _ in range(2):
        with jupyter_server.follow("run", run=record.id, since=token) as stream:
            run.set_tags(shown_store, record, {"at": str(time.time())})
            event = next(iter(stream))
            assert event.name == "update"
            assert set(event.data["update"]) == {"tags", "elapsed"}
            token = event.id
    run.complete(shown_store, record)
    with jupyter_server.follow("run", run=record.id) as stream:
        token = stream.until("end")[-1].id
    with jupyter_server.follow("run", run=record.id, since=token) as stream:
        assert [event.name for event in stream] == ["end"]


def test_a_deleted_run_is_gone(shown_store: Store, jupyter_server: JupyterServer) -> None:
    record = run.start(shown_store, "digits")
    with jupyter_server.follow("run", run=record.id) as stream:
        events = iter(stream)
        next(events)
        shown_store.catalogue.transact(
            lambda connection: shown_store.runs.delete(connection, [record.key])
        )
        assert [event.name for event in events] == ["gone"]
    with jupyter_server.follow("run", run=record.id) as stream:
        (event,) = list(stream)
        assert "may have been deleted" in event.data["message"]
    open_runs(shown_store).end(record.key)


def test_a_run_of_another_process_is_seen_and_its_kill_in_mid_stream_is_told(
    shown_store: Store, jupyter_server: JupyterServer, scripts
) -> None:
    writer = scripts.start("""
        record = run.start(store, "e", run_id="r")
        journal = metric.writer(store, record)
        say("running")
        for value in range(1_000_000):
            journal.number("loss", float(value))
            time.sleep(0.01)
    """)
    writer.stdout.readline()
    values: list[float] = []
    last: dict[str, object] = {}
    with jupyter_server.follow("run", run="r") as stream:
        for event in stream:
            if event.name == "view":
                metrics = event.data["view"]["metrics"]
            else:
                last |= event.data.get("update", {})
                metrics = event.data.get("update", {}).get("metrics", [])
            for one in metrics:
                points = one["points"] or one.get("more")
                values += points["values"] if points else []
            if len(values) > 50 and writer.poll() is None:
                kill(writer)
    assert (last["status"], last["is_terminal"]) == ("Failed", True)
    assert "is gone" in str(last["reason"])
    assert values == [float(value) for value in range(len(values))]


def test_a_table_and_a_comparison_are_told(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    one, two = run.start(shown_store, "digits"), run.start(shown_store, "digits")
    with jupyter_server.follow("runs", query={"experiment": "digits"}) as table:
        events = iter(table)
        assert len(next(events).data["view"]["rows"]) == 2
        with jupyter_server.follow("compare", runs=[one.id, two.id]) as comparison:
            assert next(iter(comparison)).name == "view"
            run.complete(shown_store, one)
            assert next(events).data["rows"][0]["status"] == "Completed"
            run.complete(shown_store, two)
            assert comparison.until("end")[-1].name == "end"


def test_a_listener_that_does_not_read_holds_up_nobody(
    shown_store: Store, jupyter_server: JupyterServer, scripts
) -> None:
    writer = scripts.start("""
        record = run.start(store, "e", run_id="r")
        journal = metric.writer(store, record)
        say("running")
        sys.stdin.readline()
        for value in range(400):
            for name in range(50):
                journal.number(f"metric {name}", float(value))
            time.sleep(0.005)
        run.complete(store, record)
    """)
    writer.stdout.readline()

    def listener() -> EventStream:
        return jupyter_server.follow("run", run="r")

    with listener() as silent, listener() as one:
        others = [listener() for _ in range(5)]
        writer.stdin.write("\n")
        writer.stdin.flush()
        heard = [list(stream) for stream in (one, *others, silent)]
        for stream in others:
            stream.close()
    for events in heard:
        assert events[-1].name == "end"
        points = Shown(event.data for event in events).points
        assert len(points) == 50
        for values in points.values():
            assert values == [float(value) for value in range(400)]


def test_the_server_stops_working_when_the_listener_goes(own_jupyter_server, monkeypatch) -> None:
    server = own_jupyter_server
    monkeypatch.setenv("AML_MAGICS_HOME", str(server.home))
    store = workspaces.create("test")
    record = run.start(store, "digits")
    streams = [server.follow("run", run=record.id) for _ in range(5)]
    for stream in streams:
        next(iter(stream))
    process = psutil.Process(server.pid)
    busy = len(process.net_connections())
    for stream in streams:
        stream.close()
    eventually(lambda: len(process.net_connections()) <= busy - 5)
    spent = sum(process.cpu_times()[:2])
    time.sleep(3)

    assert sum(process.cpu_times()[:2]) - spent < 1.0
    workspaces.close(store)


def test_a_store_that_is_away_closes_the_stream_in_words(own_jupyter_server, monkeypatch) -> None:
    server = own_jupyter_server
    monkeypatch.setenv("AML_MAGICS_HOME", str(server.home))
    store = workspaces.create("test")
    record = run.start(store, "digits")
    workspaces.close(store)
    description = store.folder / "workspace.json"
    text = description.read_bytes()
    with server.follow("run", run=record.id) as stream:
        events = iter(stream)
        next(events)
        description.write_text("{", encoding="utf-8")
        away = next(events)
        assert (away.name, list(events)) == ("away", [])
        assert "does not describe a workspace" in away.data["message"]
    with server.follow("run", run=record.id) as refused:
        assert refused.reply.status == 503
    description.write_bytes(text)
    with server.follow("run", run=record.id) as stream:
        assert next(iter(stream)).name == "view"


def test_a_stream_goes_on_after_the_server_was_killed(own_jupyter_server, monkeypatch) -> None:
    server = own_jupyter_server
    monkeypatch.setenv("AML_MAGICS_HOME", str(server.home))
    store = workspaces.create("test")
    record = run.start(store, "digits")
    log(store, record, 1.0, 2.0)
    with server.follow("run", run=record.id) as stream:
        token = next(iter(stream)).id
    server.kill()
    server.start()
    with server.follow("run", run=record.id, since=token) as stream:
        log(store, record, 3.0)
        update = next(iter(stream)).data["update"]
        assert update["metrics"][0]["count"] == 3
    run.complete(store, record)
    workspaces.close(store)
