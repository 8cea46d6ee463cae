"""A web service: models behind an HTTP endpoint of this machine, and what each of its revisions runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aml_magics.records.job import SourceFile  # noqa: TC001 -- msgspec reads the type


class ServiceKind(StrEnum):
    """What Azure would host the service on; ``compute_type`` of a Webservice."""

    LOCAL = "Local"
    ACI = "ACI"
    AKS = "AKS"
    AKS_ENDPOINT = "AKSENDPOINT"


class ServiceState(StrEnum):
    """The state of a service, as Azure names it.

    Transitioning: an update is on its way. Healthy: the newest revision answers. Unhealthy: it answered once and
    no replica does now, or the machine was started again and the service was not. Failed: the newest revision
    cannot answer; an older one may still do. Stopped is ours: ``aml-magics down`` ended it.
    """

    TRANSITIONING = "Transitioning"
    HEALTHY = "Healthy"
    UNHEALTHY = "Unhealthy"
    FAILED = "Failed"
    STOPPED = "Stopped"
    DELETING = "Deleting"


class Authentication(StrEnum):
    """How a caller shows that it may call."""

    NONE = "none"
    KEY = "key"
    TOKEN = "token"  # noqa: S105 -- a name


@dataclass(frozen=True, slots=True)
class Limits:
    """What one replica takes on; times in seconds, sizes in bytes.

    ``concurrent`` requests are scored or wait in a replica, and more than ``queue`` requests beyond them are
    answered with 429. ``wait`` is how long a request may wait for its turn, ``scoring`` how long ``run`` may take,
    ``init`` how long ``init`` may take, ``receive`` how long a client may take to send a request.
    """

    scoring: float = 60.0
    wait: float = 60.0
    init: float = 300.0
    receive: float = 60.0
    body: int = 100_000_000
    concurrent: int = 1
    queue: int = 100
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Scaling:
    """How many replicas: ``minimum`` at first; up to ``maximum`` while more than ``target`` percent are busy."""

    minimum: int = 1
    maximum: int = 1
    target: int = 70
    refresh: float = 1.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that a revision runs. Plain values: it is kept as JSON.

    ``models`` are ids (``name:version``). ``code`` are the files of the source folder, as those of a submitted run; ``entry_script`` is a path there, empty where the models bring
    their own way to score (an image of MLflow or scikit-learn). ``environment`` is a definition as Azure writes it,
    None for the Python that deploys. ``variables`` are environment variables. ``cors`` are allowed origins, ``*``
    for all. ``requested`` is what the deployment configuration asked for and this machine only shows: cores,
    memory, TLS files, location, network.
    """

    entry_script: str
    code: tuple[SourceFile, ...] = ()
    models: tuple[str, ...] = ()
    environment: dict[str, Any] | None = None
    variables: dict[str, str] = field(default_factory=dict)
    authentication: Authentication = Authentication.NONE
    limits: Limits = field(default_factory=Limits)
    scaling: Scaling = field(default_factory=Scaling)
    cors: tuple[str, ...] = ()
    collects_data: bool = False
    app_insights: bool = False
    requested: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """One deployment of a service: ``number`` counts from 1. ``version`` names a version of an AKS endpoint."""

    number: int
    created: float
    deployment: Deployment
    version: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """A version of an AKS endpoint: the revision that it runs, and its percent of the requests."""

    version: str
    revision: int
    percent: float = 100.0
    is_default: bool = True
    is_control: bool = False
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceError:
    """Why a service is not healthy: a code, what happened, and details, as Azure's ``error`` has them."""

    code: str
    message: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A web service; times are seconds since the epoch, UTC.

    ``traffic`` has one version, of the empty name, except in an AKS endpoint. ``revision`` is the newest.
    ``is_wanted`` says whether it should run: ``up`` starts those that do not. ``port`` is where it listens on
    ``host``, 0 before it did. ``owner`` is the key of the process that serves it, None if there is none.
    """

    name: str
    kind: ServiceKind
    created: float
    updated: float
    revision: int
    state: ServiceState
    host: str
    port: int = 0
    is_wanted: bool = True
    error: ServiceError | None = None
    traffic: tuple[Traffic, ...] = ()
    author: str = ""
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str | None] = field(default_factory=dict)
    owner: int | None = field(default=None, compare=False)
    key: int = field(default=0, compare=False)

    @property
    def scoring_uri(self) -> str | None:
        """Where to POST requests; None before it listens."""
        return f"http://127.0.0.1:{self.port}/score" if self.port else None

    @property
    def swagger_uri(self) -> str | None:
        """Where its OpenAPI document is; None before it listens."""
        return f"http://127.0.0.1:{self.port}/swagger.json" if self.port else None
