"""A request from a screen to a service: what it answers, and what to send at first."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, WebserviceError
from aml_magics.records.service import Authentication
from aml_magics.services.data import dataset as datasets
from aml_magics.services.model import registry as models
from aml_magics.services.service import key
from aml_magics.views.data.dataset import dataset_view
from aml_magics.views.text.encoding import json_value
from aml_magics.views.text.format import bytes_text

if TYPE_CHECKING:
    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store

MOST_BYTES: Final = 1_000_000
"""Of a body that a screen sends; larger ones are for a program."""

MOST_SHOWN: Final = 200_000
_LONGEST: Final = 2_000_000
_SAMPLE_ROWS: Final = 2
_GRACE: Final = 5.0
TOKEN_SECONDS: Final = 3_600.0
_SWAGGER_SECONDS: Final = 5.0
_HEADERS: Final = ("content-type", "retry-after", "www-authenticate")


@dataclass(frozen=True, slots=True)
class TrialView:
    """An answer: ``seconds`` until all of it was there; JSON in ``text`` is laid out; ``size`` in bytes."""

    status: int
    reason: str
    seconds: float
    headers: dict[str, str]
    text: str
    is_json: bool
    size: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class SampleView:
    """A body to begin with, and where it comes from: ``swagger``, ``dataset``, or ``none`` for a mere form."""

    body: str
    source: str


def trial(store: Store, record: ServiceRecord, body: str, version: str = "") -> TrialView:
    """Send a request, and wait for the answer as long as the service's limits allow.

    Raises:
        WebserviceError: the body is too large, or nobody answers.
    """
    data = body.encode("utf-8", "replace")
    if len(data) > MOST_BYTES:
        raise WebserviceError(
            f"The box takes up to {bytes_text(MOST_BYTES)}, and this has {bytes_text(len(data))}: "
            "send it from a program, as the lines of Python do."
        )
    if not record.port:
        raise WebserviceError(
            f"Service {record.name!r} has no address yet, and its state is {record.state}: "
            "wait until it is Healthy, or look at its log."
        )
    revision = _newest(store, record)
    headers = {
        "Content-Type": "application/json",
        **_authorization(store, record, revision.deployment.authentication),
    }
    if version:
        headers["azureml-model-deployment"] = version
    limits = revision.deployment.limits
    connection = http.client.HTTPConnection(
        "127.0.0.1", record.port, timeout=limits.scoring + limits.wait + _GRACE
    )
    began = time.perf_counter()
    try:
        connection.request("POST", "/score", data, headers)
        answer = connection.getresponse()
        content = answer.read(_LONGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise WebserviceError(
            f"Service {record.name!r} does not answer at {record.scoring_uri} "
            f"({str(error) or type(error).__name__}): its log shows why, and `aml-magics up` starts it again."
        ) from error
    finally:
        connection.close()
    return _shown(answer, content, time.perf_counter() - began)


def _shown(answer: http.client.HTTPResponse, content: bytes, seconds: float) -> TrialView:
    is_whole = len(content) <= _LONGEST
    text, is_json = content.decode("utf-8", "replace"), False
    if is_whole:
        with suppress(ValueError, RecursionError):  # then it is shown as it is
            text, is_json = _laid_out(json.loads(content)), True
    length = answer.getheader("content-length")
    return TrialView(
        status=answer.status,
        reason=answer.reason,
        seconds=seconds,
        headers={
            name: value
            for name, value in ((one.lower(), text) for one, text in answer.getheaders())
            if name in _HEADERS or name.startswith("x-ms-")
        },
        text=text[:MOST_SHOWN],
        is_json=is_json,
        size=int(length) if length and length.isdecimal() else len(content),
        is_cut=len(text) > MOST_SHOWN or not is_whole,
    )


def _laid_out(value: Any) -> str:  # noqa: ANN401 -- JSON
    """JSON on lines; a short list stays on one."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else json.dumps(value, ensure_ascii=False, indent=2)


def _newest(store: Store, record: ServiceRecord) -> Revision:
    with store.catalogue.read() as connection:
        return store.services.revisions(connection, record.key, [record.revision])[0]


def authentication_of(store: Store, record: ServiceRecord) -> Authentication:
    """How a caller of the newest revision shows that it may call."""
    return _newest(store, record).deployment.authentication


def secret_of(store: Store, record: ServiceRecord, how: Authentication) -> str:
    """What stands behind ``Bearer`` in the Authorization header: a key, or a token; empty where none is needed."""
    if how is Authentication.KEY:
        return key.keys(store, record)[0]
    return key.token(store, record, TOKEN_SECONDS) if how is Authentication.TOKEN else ""


def _authorization(store: Store, record: ServiceRecord, how: Authentication) -> dict[str, str]:
    secret = secret_of(store, record, how)
    return {"Authorization": f"Bearer {secret}"} if secret else {}


def sample_view(store: Store, record: ServiceRecord) -> SampleView:
    """A body to begin with."""
    example = _example(store, record)
    if example:  # without a schema the server's example is {}
        return SampleView(_laid_out(example), "swagger")
    rows = _sample_rows(store, record)
    if rows:
        return SampleView(_laid_out({"data": rows}), "dataset")
    return SampleView('{"data": []}', "none")


def _example(store: Store, record: ServiceRecord) -> Any:  # noqa: ANN401 -- JSON
    """The example of the request in the OpenAPI document; None where there is none, or nobody answers."""
    if not record.port:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", record.port, timeout=_SWAGGER_SECONDS)
    try:
        headers = _authorization(store, record, authentication_of(store, record))
        connection.request("GET", "/swagger.json?version=2", headers=headers)
        answer = connection.getresponse()
        document = json.loads(answer.read(_LONGEST)) if answer.status == http.client.OK else {}
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return _found(document, "definitions", "ServiceInput", "example")


def _found(document: Any, *names: str) -> Any:  # noqa: ANN401 -- JSON of anybody
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _sample_rows(store: Store, record: ServiceRecord) -> list[Any]:
    """The first rows of the sample input of a model of the service."""
    for name in _newest(store, record).deployment.models:
        try:
            sample = models.find(store, name).sample_input
            if sample is None:
                continue
            head = dataset_view(store, datasets.find(store, sample)).head
        except AmlError:  # the model or its sample is gone
            continue
        return [list(map(json_value, row)) for row in head.rows[:_SAMPLE_ROWS]]
    return []
