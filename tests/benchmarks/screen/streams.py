"""Many listeners of one live run: what they cost the Jupyter server, and whoever asks it meanwhile."""

from __future__ import annotations

import contextlib
import json
import select
import selectors
import socket
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._lab import running_lab
from tests.benchmarks._workspace import say, start_run
from tests.benchmarks.screen.server_endpoint import BASE, timed

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

METRICS = 50
HERTZ = 50
CORE = 25.0
REST = 15.0
PATIENCE = 120.0


def train() -> int:
    """Log all metrics at their pace until a line comes in; how many points that was."""
    run = start_run()
    say(run.id)
    names = [f"metric {number}" for number in range(METRICS)]
    began, step = time.monotonic(), 0
    while True:
        pause = max(0.0, began + step / HERTZ - time.monotonic())
        if select.select([sys.stdin], [], [], pause)[0]:
            break
        for name in names:
            run.log(name, step * 0.37, step=step)
        step += 1
    run.complete()
    return step * METRICS


def listen(origin: str, token: str, run: str, count: int) -> float:
    """Follow a run over so many connections until a line comes in; messages a second, of the slowest.

    It says a line when each has been told something.
    """
    host, _, port = origin.removeprefix("http://").partition(":")
    body = json.dumps({"run": run})
    request = (
        f"POST {BASE}/follow/run HTTP/1.1\r\nHost: {host}\r\nAuthorization: token {token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    heard, began = [0] * count, 0.0
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        selector.register(sys.stdin, selectors.EVENT_READ)
        for number in range(count):
            one = stack.enter_context(socket.create_connection((host, int(port)), PATIENCE))
            one.sendall(request.encode())
            selector.register(one, selectors.EVENT_READ, (one, number))
        while True:
            for key, _ in selector.select(PATIENCE):
                if key.data is None:
                    return min(heard) / (time.monotonic() - began)
                one, number = key.data
                heard[number] += one.recv(1 << 18).count(b"event: ")
            if not began and all(heard):
                began, heard = time.monotonic(), [0] * count
                say("all listen")


def measure(bench: Bench) -> Figures:
    """A run of 50 metrics at 50 Hz, with few listeners and with many."""
    seconds, asked = bench.times(10, 1), bench.times(60, 5)
    few, many = bench.times(10, 1), bench.times(200, 4)
    figures: Figures = {}
    with running_lab(bench) as lab:
        server = psutil.Process(lab.pid)
        writer = bench.start(lab.home, train)
        run = json.loads(writer.line())
        for count in (1, few, many):
            listeners = bench.start(lab.home, listen, lab.origin, lab.token, run, count)
            listeners.line()
            server.cpu_percent()
            time.sleep(seconds)
            share = server.cpu_percent()
            answers, tables = (
                timed(lab, kind, question, asked, pause=seconds / asked)
                for kind, question in (("experiments", {}), ("runs", {"query": {}}))
            )
            listeners.tell()
            is_goal = count == many and not bench.is_quick
            name = f"{count} listeners"
            figures[f"{name}, of one core"] = Figure(share, "%", CORE if is_goal else None)
            most = REST if is_goal else None
            figures[f"{name}, experiments meanwhile, p50"] = Figure(median(answers), "ms", most)
            figures[f"{name}, the run in a table meanwhile, p50"] = Figure(median(tables), "ms")
            figures[f"{name}, messages to each"] = Figure(listeners.answer(), "1/s")
        writer.tell()
        writer.answer()
    return figures
