"""Profiles of models: how long requests take and what they cost at rising load, measured on a service of their own.

The service is private and temporary: it listens on this machine under a random name, and is deleted at the end.
"""

from __future__ import annotations

import http.client
import math
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

import msgspec
import psutil

from aml_magics.errors import (
    AmlError,
    InvalidArgumentError,
    InvalidNameError,
    NotFoundError,
    ServiceFailedError,
    did_you_mean,
)
from aml_magics.records.service import Authentication, Deployment, Scaling, ServiceKind
from aml_magics.services.service import process
from aml_magics.services.service.deployment import delete, deploy
from aml_magics.services.service.waiting import wait
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

CLIENTS: Final = (1, 2, 4, 8)
SECONDS: Final = 2.0
"""How long each load lasts."""

GB: Final = 1 << 30
_HEADROOM: Final = 1.2
_PAUSE: Final = 0.02
_WARM_UP: Final = 3
_REFUSED: Final = 400
_LONGEST_NAME: Final = 100


class LoadStep(msgspec.Struct, frozen=True):
    """What a number of clients saw who each ask again when they are answered.

    Latencies in milliseconds of whole requests; ``cpu`` in cores, ``memory`` in bytes, at its highest. ``errors``
    are answers of 400 and above, and requests without one.
    """

    clients: int
    requests: int
    errors: int
    seconds: float
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    cpu: float
    memory: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0


class Profile(msgspec.Struct, frozen=True):
    """A finished profile, ``Succeeded`` or ``Failed``; times are seconds since the epoch."""

    name: str
    state: str
    created: float
    models: tuple[str, ...] = ()
    description: str = ""
    cpu: float | None = None
    memory_in_gb: float | None = None
    steps: tuple[LoadStep, ...] = ()
    error: str = ""

    @property
    def recommended_cpu(self) -> float:
        """The cores that it used at the most, and a fifth more."""
        return _rounded_up(max((one.cpu for one in self.steps), default=0.0))

    @property
    def recommended_memory_in_gb(self) -> float:
        """The memory that it used at the most, and a fifth more."""
        return _rounded_up(max((one.memory for one in self.steps), default=0) / GB)


def measure(
    store: Store,
    name: str,
    deployment: Deployment,
    bodies: Sequence[bytes],
    *,
    description: str = "",
    cpu: float | None = None,
    memory_in_gb: float | None = None,
    say: Callable[[str], None] | None = None,
    seconds: float = SECONDS,
) -> Profile:
    """Deploy, measure at rising load, delete, and keep the profile under its name.

    Args:
        bodies: requests, sent in turn.
        cpu: the cores that are planned; only told.
        memory_in_gb: the memory that it may use.
        say: told what is done.
        seconds: how long each load lasts.

    Raises:
        InvalidNameError: the name is no file's.
        InvalidArgumentError: there is no request to send.
    """
    path = _path(store, name)
    if not bodies:
        raise InvalidArgumentError("A profile needs at least one request; give rows of input data.")
    limits = deployment.limits
    if memory_in_gb is not None:
        limits = replace(limits, memory=int(memory_in_gb * GB))
    wanted = replace(
        deployment,
        authentication=Authentication.NONE,
        limits=limits,
        scaling=Scaling(),
        collects_data=False,
        app_insights=False,
    )
    begun = Profile(name, "Running", time.time(), deployment.models, description, cpu, memory_in_gb)
    try:
        steps = _measured(store, wanted, bodies, say or (lambda _: None), seconds)
    except AmlError as error:
        done = msgspec.structs.replace(begun, state="Failed", error=str(error))
    else:
        done = msgspec.structs.replace(begun, state="Succeeded", steps=tuple(steps))
    make_private(path.parent)
    write_whole(path, msgspec.json.encode(done))
    return done


def get(store: Store, name: str) -> Profile:
    """The finished profile of a name; raises NotFoundError."""
    path = _path(store, name)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Profile)
    except FileNotFoundError:
        near = did_you_mean(name, [one.stem for one in path.parent.glob("*.json")])
        raise NotFoundError(
            f"Workspace {store.record.name!r} has no profile {name!r:.80} on this machine.{near}"
        ) from None


def _measured(
    store: Store,
    deployment: Deployment,
    bodies: Sequence[bytes],
    say: Callable[[str], None],
    seconds: float,
) -> list[LoadStep]:
    service = f"profile-{secrets.token_hex(6)}"
    say("Deploying a temporary service")
    deploy(store, service, ServiceKind.LOCAL, deployment)
    try:
        record = wait(store, service)
        patience = deployment.limits.wait + deployment.limits.scoring + deployment.limits.receive
        put_load(record.port, bodies, 1, 0.0, patience, requests=_WARM_UP)
        steps = []
        for clients in CLIENTS:
            say(f"{clients} client{'s' if clients > 1 else ''}")
            usage = _Usage(store, record)
            latencies, errors, lasted = put_load(record.port, bodies, clients, seconds, patience)
            steps.append(_step(clients, latencies, errors, lasted, usage.stop()))
            if len(latencies) == errors:
                raise ServiceFailedError(
                    f"All {errors} requests of {clients} clients failed; try one by service.run() on a deployed "
                    "service, and read its get_logs()."
                )
        return steps
    finally:
        delete(store, service)


def put_load(
    port: int,
    bodies: Sequence[bytes],
    clients: int,
    seconds: float,
    patience: float,
    *,
    requests: int = 1,
) -> tuple[list[float], int, float]:
    """Let clients ask for a while, and for some requests each at least.

    Returns:
        The milliseconds of each request, how many failed, and how many seconds it took.
    """
    turn = count()
    found: list[float] = []
    errors: list[int] = []
    begin = time.perf_counter()

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        done = 0
        while done < requests or time.perf_counter() - begin < seconds:
            body = bodies[next(turn) % len(bodies)]
            asked = time.perf_counter()
            try:
                connection.request("POST", "/score", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                is_wrong = answer.status >= _REFUSED
            except (OSError, http.client.HTTPException):
                is_wrong = True
                connection.close()
            found.append(1e3 * (time.perf_counter() - asked))
            errors.append(is_wrong)
            done += 1
        connection.close()

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, sum(errors), time.perf_counter() - begin


class _Usage:
    """What the replicas of a service use, from now until :meth:`stop`."""

    def __init__(self, store: Store, record: ServiceRecord) -> None:
        told = process.read_status(store, record).get("replicas", ())
        self._processes = []
        for one in told:
            with suppress(psutil.NoSuchProcess):
                self._processes.append(psutil.Process(one["pid"]))
        self._memory = self._sample()
        self._cpu, self._begin = self._spent(), time.perf_counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[float, int]:
        """Cores used on average, and bytes at the most."""
        cpu = (self._spent() - self._cpu) / (time.perf_counter() - self._begin)
        self._over.set()
        self._thread.join()
        return max(0.0, cpu), max(self._memory, self._sample())

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE):
            self._memory = max(self._memory, self._sample())

    def _sample(self) -> int:
        return int(self._sum(lambda one: one.memory_info().rss))

    def _spent(self) -> float:
        return self._sum(lambda one: sum(one.cpu_times()[:2]))

    def _sum(self, value: Callable[[psutil.Process], float]) -> float:
        total = 0.0
        for one in self._processes:
            with suppress(psutil.NoSuchProcess):
                total += sum(value(each) for each in (one, *one.children(recursive=True)))
        return total


def _step(
    clients: int, latencies: Sequence[float], errors: int, seconds: float, usage: tuple[float, int]
) -> LoadStep:
    ordered = sorted(latencies)
    p50, p90, p95, p99 = (
        ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
        for share in (0.5, 0.9, 0.95, 0.99)
    )
    mean = sum(ordered) / len(ordered)
    return LoadStep(clients, len(ordered), errors, seconds, mean, p50, p90, p95, p99, *usage)


def _rounded_up(value: float) -> float:
    """With headroom, in tenths, of which Azure wants one at least."""
    return max(1, math.ceil(value * _HEADROOM * 10)) / 10


def _path(store: Store, name: str) -> Path:
    valid = name.replace("-", "").replace("_", "").isalnum()
    if not valid or not name.isascii() or len(name) > _LONGEST_NAME:
        raise InvalidNameError(
            f"The name of a profile has letters, digits, '-' and '_', at most {_LONGEST_NAME}; {name!r:.80} has not."
        )
    return store.folder / "profiles" / f"{name}.json"
