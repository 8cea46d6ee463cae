"""The process of a service, as a thread of the test.

Handles are tested with the true catalogue, keys, logs and HTTP, and without a process for each service; what the
process itself does is tested in tests/services/service and tests/workers.
"""

from __future__ import annotations

import importlib.util
import json
import os
import threading
import traceback
from contextlib import redirect_stdout
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

from aml_magics.records.service import Authentication, ServiceError, ServiceState
from aml_magics.services.job.source import restore
from aml_magics.services.model import files as model_files
from aml_magics.services.model import registry as models
from aml_magics.services.service import key, process, registry
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.log import log_path


class Hosting:
    """What stands in for ``services/service/process.py``."""

    def __init__(self, monkeypatch):
        self.servers = {}
        monkeypatch.setattr(process, "ensure", self.ensure)
        monkeypatch.setattr(process, "notify", lambda store, record: None)
        monkeypatch.setattr(key, "notify", lambda store, record: None)
        monkeypatch.setattr(process, "stop", self.stop)
        monkeypatch.setattr(registry, "is_locked", lambda store, record: record.key in self.servers)

    def ensure(self, store, record):
        """Run the newest revision, and say in the catalogue how that went."""
        if record.key not in self.servers:
            self.servers[record.key] = _Server(store, record)
        server = self.servers[record.key]
        newest = registry.revisions(store, record.name)[0]
        values = {"state": ServiceState.HEALTHY, "port": server.server_port}
        traffic = registry.get(store, record.name).traffic
        try:
            with redirect_stdout(server.log):
                server.script = _script(store, record, newest)
            values["traffic"] = tuple(
                replace(one, revision=newest.number) if one.version == newest.version else one
                for one in traffic
            )
        except Exception as error:
            server.log.write(traceback.format_exc())
            values["state"] = ServiceState.FAILED
            values["error"] = ServiceError("InitError", f"{type(error).__name__}: {error}")
        server.deployment = newest.deployment
        store.catalogue.transact(
            lambda connection: store.services.change(connection, record.key, values)
        )

    def stop(self, store, record, grace=0.0):
        self._end(self.servers.pop(record.key))

    def end(self):
        for one in self.servers.values():
            self._end(one)

    def _end(self, server):
        server.shutdown()
        server.server_close()


class _Log(StringIO):
    def __init__(self, path):
        super().__init__()
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, text):
        with self.path.open("a") as file:
            file.write(text)
        return len(text)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store, record):
        wanted = registry.revisions(store, record.name)[0].deployment.requested.get("port", 0)
        super().__init__(("127.0.0.1", wanted), _Handler)
        self.store, self.record, self.log = store, record, _Log(log_path(store, record))
        self.script = self.deployment = None
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if server.deployment.authentication is not Authentication.NONE:
            given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            is_token = server.deployment.authentication is Authentication.TOKEN
            if not ("." in given if is_token else given in key.keys(server.store, server.record)):
                return self._say(401, "Unauthorized")
        try:
            with redirect_stdout(server.log):
                answer = server.script.run(body)
        except Exception:
            server.log.write(traceback.format_exc())
            return self._say(500, "An unexpected error occurred in scoring script.")
        return self._say(200, answer)

    def _say(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def _script(store, record, revision):
    wanted = revision.deployment
    folder = service_folder(store, record) / "revisions" / str(revision.number)
    restore(store, wanted.code, folder / "app")
    place = folder / "azureml-models"
    for one in wanted.models:
        name, _, version = one.rpartition(":")
        target = place / name / version
        target.mkdir(parents=True)
        model_files.download(store, models.find(store, one), target)
    if len(wanted.models) == 1:
        place = place / wanted.models[0].replace(":", "/")
    spec = importlib.util.spec_from_file_location(
        f"score{record.key}_{revision.number}", folder / "app" / wanted.entry_script
    )
    module = importlib.util.module_from_spec(spec)
    os.environ["AZUREML_MODEL_DIR"] = str(place)
    try:
        spec.loader.exec_module(module)
        module.init()
    finally:
        del os.environ["AZUREML_MODEL_DIR"]
    return module
