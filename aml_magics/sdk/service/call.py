"""Sends a request to a service of this machine."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import WebserviceError, described

if TYPE_CHECKING:
    from aml_magics.records.service import ServiceRecord

GRACE: Final = 30.0
"""Seconds that a request may take beyond the service's own limits."""


def body_of(data: object) -> tuple[bytes, str]:
    """The body of a request, and its content type.

    Raises:
        WebserviceError: neither text, bytes nor something that JSON can say.
    """
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data), "application/octet-stream"
    if isinstance(data, str):
        return data.encode(), "application/json"
    try:
        return json.dumps(data, default=_list_of).encode(), "application/json"
    except (TypeError, ValueError) as error:
        raise WebserviceError(
            f"input_data is JSON as text, such as json.dumps({{'data': rows}}), or bytes; "
            f"not {described(data)} ({error})."
        ) from None


def _list_of(value: object) -> object:
    """An array or a table as JSON has it."""
    for name in ("tolist", "to_list"):
        if hasattr(value, name):
            return getattr(value, name)()
    if hasattr(value, "values"):
        return value.values.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")


def call(record: ServiceRecord, data: object, key: str | None, limit: float) -> Any:  # noqa: ANN401 -- what the service says
    """The answer of a service: JSON is decoded, text is text, anything else bytes.

    Args:
        key: what stands in the Authorization header, if any.
        limit: seconds that the service itself gives a request.

    Raises:
        WebserviceError: it does not answer, or with another status than 200.
    """
    body, kind = body_of(data)
    headers = {"Content-Type": kind}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    if not record.port:
        raise WebserviceError(
            f"Service {record.name!r} has no address yet, and its state is {record.state}; "
            "wait for it: service.wait_for_deployment(True)."
        )
    connection = http.client.HTTPConnection("127.0.0.1", record.port, timeout=limit + GRACE)
    try:
        connection.request("POST", "/score", body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise WebserviceError(
            f"Service {record.name!r} does not answer at {record.scoring_uri} "
            f"({str(error) or type(error).__name__}), and its state is {record.state}; "
            "service.get_logs() shows why, and `aml-magics up` starts it again."
        ) from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise _refusal(record, answer, content)
    return _decoded(content, answer.headers.get_content_type())


def _decoded(content: bytes, kind: str) -> Any:  # noqa: ANN401 -- JSON
    try:
        if kind == "application/json":
            return json.loads(content)
        return content.decode() if kind.startswith("text/") else content
    except ValueError:
        return content


_REMEDIES: Final = {
    401: "The key is another one now: get the service again, and its keys by service.get_keys().",
    413: "The body is too large.",
    429: "Too many requests wait already: send them later, or ask for more replicas.",
    503: "It is still starting, or all is busy: wait for it by service.wait_for_deployment(True).",
    504: "run() took longer than scoring_timeout_ms allows.",
}


def _refusal(
    record: ServiceRecord, answer: http.client.HTTPResponse, content: bytes
) -> WebserviceError:
    said = content.decode(errors="replace")
    remedy = f" {_REMEDIES[answer.status]}" if answer.status in _REMEDIES else ""
    return WebserviceError(
        f"Received bad response from service {record.name!r}. More information can be found by calling "
        f"`.get_logs()` on the webservice object.{remedy}\n"
        f"Response Code: {answer.status}\nHeaders: {dict(answer.headers.items())}\nContent: {said[:2000]}"
    )
