"""``python -m aml_magics.workers.replica <replica.json> <socket> <map>``: what the supervisor starts."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.workers.replica.channel import Channel, Numbers
from aml_magics.workers.replica.log import Log
from aml_magics.workers.replica.orders import Orders
from aml_magics.workers.replica.script import Script, ScriptError, trace_of
from aml_magics.workers.replica.server import Server

if TYPE_CHECKING:
    from aml_magics.workers.replica.collection import Collection
    from aml_magics.workers.replica.message import Answer, Request


def main() -> int:
    """Serve until the supervisor says that it is enough.

    The script has the main thread, as on Azure: what ``init`` opens there (a SQLite connection, a signal handler, a
    session of TensorFlow) works in ``run``. The event loop has a thread of its own, so that it is free while a
    script computes.
    """
    file, end, numbers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    orders = Orders.read(file)
    log = Log(orders.log)
    log.take_over()
    faulthandler.enable(2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders.enter()
    script = Script(orders, log)
    loop = _event_loop()
    channel = Channel.inherited(end)
    try:
        server = Server(orders, channel, Numbers(numbers), log, script, loop)
    except (OSError, ValueError) as problem:
        message = f"{orders.keys} could not be read: {problem}"
        log.error(message)  # noqa: TRY400 -- not a logger
        channel.send(
            {"is": "failed", "code": "KeysUnreadable", "message": message, "traceback": ""}
        )
        return 1
    collection = _collection(orders, log, script, server)
    sys.setswitchinterval(
        0.001
    )  # the event loop waits no longer than that for a script that computes
    serving = threading.Thread(target=_serve, args=(loop, server), name="event loop", daemon=True)
    serving.start()
    try:
        script.load()
    except ScriptError as problem:
        details = trace_of(problem.__cause__)[-20_000:] if problem.__cause__ else ""
        channel.send(
            {"is": "failed", "code": problem.code, "message": str(problem), "traceback": details}
        )
        log.flush()
        return 1
    loop.call_soon_threadsafe(server.ready)
    for number in range(1, orders.limits.concurrent):
        threading.Thread(
            target=server.scorer.work, args=(script.answer,), name=f"scoring {number}", daemon=True
        ).start()
    server.scorer.work(script.answer)
    serving.join()
    if collection is not None:
        collection.close()
    log.flush()
    return 0


def _collection(orders: Orders, log: Log, script: Script, server: Server) -> Collection | None:
    """What keeps inputs and outputs, where the orders ask for it."""
    if not (orders.collects_data or orders.app_insights):
        return None
    from aml_magics.sdk.service.collector import request_id
    from aml_magics.workers.replica.collection import Collection

    collection = Collection(orders.raw, log.info)
    collection.start()

    def keep(request: Request, answer: Answer, seconds: float) -> None:
        body_in, body_out = bytes(request.body), answer.body
        collection.request(request.request_id, answer.status, seconds * 1000, body_in, body_out)

    script.tell_id = request_id.set
    server.collect = keep
    return collection


def _event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _serve(loop: asyncio.AbstractEventLoop, server: Server) -> None:
    asyncio.set_event_loop(loop)
    loop.call_soon(server.start)
    loop.run_forever()


if __name__ == "__main__":
    sys.exit(main())
