"""Services in threads of the test, behind the functions of services/service.

A handle is tested with the true tables and true HTTP, and without a process for each service.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import sys
import threading
import time
import traceback
from contextlib import redirect_stdout
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

from aml_magics.errors import ModelNotFoundError, NotFoundError, WebserviceError
from aml_magics.records.service import (
    Authentication,
    Revision,
    ServiceError,
    ServiceRecord,
    ServiceState,
    Traffic,
)
from aml_magics.services.job.source import restore
from aml_magics.services.model import files as model_files
from aml_magics.services.model import registry as models

RUNNING: dict[tuple[str, str], SimpleNamespace] = {}


class ServiceNotFoundError(NotFoundError, WebserviceError):
    pass


class ServiceFailedError(WebserviceError):
    pass


# -- registry ---------------------------------------------------------------------------------


def get(store, name):
    with store.catalogue.read() as connection:
        found = store.services.get(connection, name)
    if found is None:
        raise ServiceNotFoundError(f"ServiceNotFound: there is no service {name!r}.")
    return found


def services(store, *, kind=None, model_name=None, model_id=None, tags=None, properties=None):
    with store.catalogue.read() as connection:
        found = store.services.all(connection)
    return [
        one
        for one in found
        if kind in (None, one.kind)
        and (
            (model_name is None and model_id is None)
            or any(
                model_id in (None, m) and model_name in (None, m.rpartition(":")[0])
                for m in revisions(store, one.name)[0].deployment.models
            )
        )
    ]


def revisions(store, name):
    with store.catalogue.read() as connection:
        return store.services.revisions(connection, get(store, name).key)


# -- deployment -------------------------------------------------------------------------------


def deploy(
    store, name, kind, deployment, *, description="", tags=None, properties=None, overwrite=False,
    version="", port=None,
):  # fmt: skip
    for one in deployment.models:
        model, _, number = one.rpartition(":")
        models.get(store, model, number)
    now = time.time()
    old = [one for one in services(store) if one.name == name]
    if old:
        return update(store, name, deployment, version=version)
    record = ServiceRecord(
        name, kind, now, now, 1, ServiceState.TRANSITIONING, "here", author="me", description=description,
        tags=tags or {}, properties=properties or {}, traffic=(Traffic(version, 1),),
    )  # fmt: skip

    def work(connection):
        key = store.services.add(connection, record)
        store.services.add_revision(connection, key, Revision(1, now, deployment, version))

    store.catalogue.transact(work)
    RUNNING[str(store.folder), name] = SimpleNamespace(
        keys=["one" + secrets.token_hex(8), "two" + secrets.token_hex(8)],
        log=[],
        scripts={},
        server=None,
        port=port or 0,
    )
    return _start(store, name)


def update(store, name, deployment, *, version="", **_):
    record = get(store, name)
    number = revisions(store, name)[0].number + 1
    traffic = [one for one in record.traffic if one.version != version]
    mine = [one for one in record.traffic if one.version == version] or [
        Traffic(version, 0, 0.0, is_default=False)
    ]
    traffic.append(replace(mine[0], revision=number))

    def work(connection):
        store.services.add_revision(
            connection, record.key, Revision(number, time.time(), deployment, version)
        )
        store.services.change(
            connection,
            record.key,
            {"revision": number, "traffic": tuple(traffic), "updated": time.time(), "error": None},
        )

    store.catalogue.transact(work)
    return _start(store, name)


def edit(store, name, *, description=None, tags=None, properties=None):
    record = get(store, name)
    values = {
        "description": description,
        "tags": tags,
        "properties": {**record.properties, **(properties or {})},
    }
    values = {key: value for key, value in values.items() if value is not None}
    store.catalogue.transact(
        lambda connection: store.services.change(connection, record.key, values)
    )
    return get(store, name)


def set_traffic(store, name, traffic):
    record = get(store, name)
    store.catalogue.transact(
        lambda connection: store.services.change(
            connection, record.key, {"traffic": tuple(traffic)}
        )
    )
    return get(store, name)


def delete(store, name):
    record = get(store, name)
    store.catalogue.transact(lambda connection: store.services.remove(connection, record.key))
    stop(str(store.folder), name)


def stop(folder, name):
    server = RUNNING.pop((folder, name)).server
    server.shutdown()
    server.server_close()


def stop_all():
    for one in [*RUNNING]:
        stop(*one)


# -- the service itself -----------------------------------------------------------------------


def _start(store, name):
    service = RUNNING[str(store.folder), name]
    number = get(store, name).revision
    values = {"state": ServiceState.HEALTHY}
    try:
        with redirect_stdout(StringIO()) as said:
            service.scripts[number] = _script(store, name, number)
        service.log.append(said.getvalue())
    except ModelNotFoundError:
        raise
    except Exception as error:
        service.log.append(traceback.format_exc())
        values = {
            "state": ServiceState.FAILED,
            "error": ServiceError("InitError", f"{type(error).__name__}: {error}"),
        }
    if service.server is None:
        handler = type("Handler", (_Handler,), {"store": store, "name": name})
        service.server = ThreadingHTTPServer(("127.0.0.1", service.port), handler)
        threading.Thread(target=service.server.serve_forever, args=(0.02,), daemon=True).start()
        values["port"] = service.server.server_port
    record = get(store, name)
    store.catalogue.transact(
        lambda connection: store.services.change(connection, record.key, values)
    )
    return get(store, name)


def _script(store, name, number):
    deployment = next(one for one in revisions(store, name) if one.number == number).deployment
    folder = Path(store.folder) / "services" / f"{name}-{number}"
    restore(store, deployment.code, folder)
    place = folder / "azureml-models"
    for one in deployment.models:
        model, _, version = one.rpartition(":")
        target = place / model / version
        target.mkdir(parents=True)
        model_files.download(store, models.get(store, model, version), target)
    if len(deployment.models) == 1:
        place = place / deployment.models[0].replace(":", "/")
    spec = importlib.util.spec_from_file_location(
        f"score_{name}_{number}".replace("-", "_"), folder / deployment.entry_script
    )
    module = importlib.util.module_from_spec(spec)
    os.environ["AZUREML_MODEL_DIR"] = str(place)
    try:
        spec.loader.exec_module(module)
        module.init()
    finally:
        del os.environ["AZUREML_MODEL_DIR"]
    return module


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        service = RUNNING[str(self.store.folder), self.name]
        deployment = revisions(self.store, self.name)[0].deployment
        key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        wanted = {Authentication.KEY: service.keys, Authentication.TOKEN: ["token"]}.get(
            deployment.authentication
        )
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if wanted and key not in wanted:
            return self._say(401, "Unauthorized")
        module = service.scripts[max(service.scripts)]
        try:
            with redirect_stdout(StringIO()) as said:
                answer = module.run(body)
            service.log.append(said.getvalue())
        except Exception:
            service.log.append(traceback.format_exc())
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


# -- key, log, waiting ------------------------------------------------------------------------


def keys(store, record):
    return tuple(RUNNING[str(store.folder), record.name].keys)


def regenerate(store, record, which, value=None):
    RUNNING[str(store.folder), record.name].keys[which == "secondary"] = value or secrets.token_hex(
        16
    )


def token(store, record, lifetime):
    return "token"


def log(store, record, lines=5000, init=False):
    text = "".join(RUNNING[str(store.folder), record.name].log)
    return "\n".join(text.splitlines()[-lines:])


def wait(store, name, say=None, timeout=None):
    if say:
        say(".")
    record = get(store, name)
    if record.state is ServiceState.FAILED:
        raise ServiceFailedError(
            f"Service {name!r} failed: {record.error.message}. service.get_logs() shows all."
        )
    return record


def install():
    """Put these functions where services/service is looked for."""
    package = ModuleType("aml_magics.services.service")
    package.__path__ = []
    sys.modules[package.__name__] = package
    for name, functions in {
        "registry": (get, services, revisions),
        "deployment": (deploy, update, edit, set_traffic, delete),
        "key": (keys, regenerate, token),
        "log": (log,),
        "waiting": (wait,),
    }.items():
        module = ModuleType(f"{package.__name__}.{name}")
        for one in functions:
            setattr(module, one.__name__, one)
        setattr(package, name, module)
        sys.modules[module.__name__] = module
