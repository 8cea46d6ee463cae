"""Raw HTTP for scoring scripts: ``@rawhttp``, ``AMLRequest``, ``AMLResponse``.

Azure's are subclasses of Flask's. These have the attributes that scripts use, without Flask.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qsl

Function = TypeVar("Function", bound=Callable[..., Any])

wanted: list[Callable[..., Any]] = []
"""The functions that were decorated. Azure's server looks whether any was, and so do we."""


def rawhttp(function: Function) -> Function:
    """Let ``run`` get the request itself, an :class:`AMLRequest`, and not its body as text."""
    wanted.append(function)
    return function


class Headers(Mapping[str, str]):
    """Names and values in order; names are found in any case."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> str:
        for key, value in self._pairs:
            if key.lower() == name.lower():
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def getlist(self, name: str) -> list[str]:
        """All values of a name."""
        return [value for key, value in self._pairs if key.lower() == name.lower()]

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values, repeated ones too."""
        return list(self._pairs)

    def add(self, name: str, value: object) -> None:
        """One more value."""
        self._pairs.append((name, str(value)))

    def __setitem__(self, name: str, value: object) -> None:
        self._pairs[:] = [pair for pair in self._pairs if pair[0].lower() != name.lower()]
        self.add(name, value)

    def __delitem__(self, name: str) -> None:
        self._pairs[:] = [pair for pair in self._pairs if pair[0].lower() != name.lower()]


class Values(Mapping[str, Any]):
    """Parameters of a URL or fields of a form: the first value of a name, or all by ``getlist``."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- a text or a file
        for key, value in self._pairs:
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def getlist(self, name: str) -> list[Any]:
        """All values of a name."""
        return [value for key, value in self._pairs if key == name]

    def to_dict(self) -> dict[str, Any]:
        """The first value of each name."""
        return dict(self)


class UploadedFile(io.BytesIO):
    """A file of a form."""

    def __init__(self, content: bytes, name: str, filename: str, content_type: str) -> None:
        super().__init__(content)
        self.name, self.filename, self.content_type, self.mimetype = (
            name,
            filename,
            content_type,
            content_type,
        )
        self.stream = self

    def save(self, destination: str) -> None:
        """Write it to a file."""
        with open(destination, "wb") as file:  # noqa: PTH123 -- as scripts name it
            file.write(self.getbuffer())


class AMLRequest:
    """An HTTP request, as a script decorated with ``@rawhttp`` gets it."""

    def __init__(
        self, method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query.encode()
        self.headers = Headers(headers)
        self.data = body

    def __repr__(self) -> str:
        return f"<AMLRequest {self.url!r} [{self.method}]>"

    @property
    def full_path(self) -> str:
        """Path and query, with a ``?`` between them even if there is no query, as Flask's."""
        return f"{self.path}?{self.query_string.decode()}"

    @property
    def host(self) -> str:
        """What the client called us."""
        return self.headers.get("Host", "")

    @property
    def base_url(self) -> str:
        """The URL without the query."""
        return f"http://{self.host}{self.path}"

    @property
    def url(self) -> str:
        """The URL that was asked."""
        query = self.query_string.decode()
        return self.base_url + (f"?{query}" if query else "")

    @property
    def content_type(self) -> str | None:
        """The header."""
        return self.headers.get("Content-Type")

    @property
    def mimetype(self) -> str:
        """The type alone, in lower case."""
        return (self.content_type or "").partition(";")[0].strip().lower()

    @property
    def content_length(self) -> int:
        """Bytes of the body."""
        return len(self.data)

    @property
    def is_json(self) -> bool:
        """Whether the client says that it sends JSON."""
        return self.mimetype == "application/json" or (
            self.mimetype.startswith("application/") and self.mimetype.endswith("+json")
        )

    @cached_property
    def stream(self) -> io.BytesIO:
        """The body as a file."""
        return io.BytesIO(self.data)

    def get_data(
        self,
        cache: bool = True,
        as_text: bool = False,
        parse_form_data: bool = False,
    ) -> Any:  # noqa: ANN401 -- bytes or text
        """The body."""
        del cache, parse_form_data
        return self.data.decode("utf-8", "replace") if as_text else self.data

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ANN401 -- Flask's
        """The body as JSON; None if the client does not say that it is, unless ``force``.

        Raises:
            ValueError: It is not JSON, and ``silent`` is not set.
        """
        del cache
        if not (force or self.is_json):
            return None
        try:
            return json.loads(self.data)
        except ValueError:
            if silent:
                return None
            raise

    @property
    def json(self) -> Any:  # noqa: ANN401 -- whatever was sent
        """The body as JSON."""
        return self.get_json()

    @cached_property
    def args(self) -> Values:
        """Parameters of the URL."""
        return Values(parse_qsl(self.query_string.decode(), keep_blank_values=True))

    @cached_property
    def _parts(self) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
        if self.mimetype == "application/x-www-form-urlencoded":
            return parse_qsl(self.data.decode("utf-8", "replace"), keep_blank_values=True), []
        if self.mimetype != "multipart/form-data":
            return [], []
        head = f"Content-Type: {self.content_type}\r\n\r\n".encode()
        message = BytesParser().parsebytes(head + self.data)
        texts: list[tuple[str, Any]] = []
        files: list[tuple[str, Any]] = []
        parts = message.get_payload()
        for part in parts if isinstance(parts, list) else []:
            if not isinstance(part, Message):
                continue
            name = str(part.get_param("name", "", header="content-disposition"))
            content = part.get_payload(decode=True)
            content = content if isinstance(content, bytes) else b""
            if (filename := part.get_filename()) is None:
                texts.append((name, content.decode("utf-8", "replace")))
            else:
                files.append((name, UploadedFile(content, name, filename, part.get_content_type())))
        return texts, files

    @property
    def form(self) -> Values:
        """Fields of a form that was sent."""
        return Values(self._parts[0])

    @property
    def files(self) -> Values:
        """Files of a form that was sent."""
        return Values(self._parts[1])

    @property
    def values(self) -> Values:
        """Parameters of the URL, then fields of the form."""
        return Values([*self.args.items(), *self._parts[0]])


class AMLResponse:
    """An answer that a script makes itself.

    Args:
        message: The body: bytes or text; None for an empty JSON object.
        status_code: The status.
        response_headers: More headers; a comma parts values of one name.
        json_str: Encode ``message`` as JSON.
        run_function_failed: What the header ``x-ms-run-function-failed`` says.
    """

    def __init__(
        self,
        message: Any,  # noqa: ANN401 -- whatever JSON can hold
        status_code: int,
        response_headers: Mapping[str, str] | None = None,
        json_str: bool = False,
        run_function_failed: bool = False,
    ) -> None:
        given = response_headers or {}
        kind = "text/html; charset=utf-8"
        if message is None or json_str:
            message, kind = json.dumps({} if message is None else message), "application/json"
        self.data = message.encode() if isinstance(message, str) else bytes(message)
        self.status_code = status_code
        replaces_kind = kind != "application/json" and "Content-Type" in given
        self.headers = Headers([] if replaces_kind else [("Content-Type", kind)])
        self.headers["x-ms-run-function-failed"] = run_function_failed
        for name, values in given.items():
            for value in str(values).split(","):
                self.headers.add(name, value.strip())

    def get_data(self, as_text: bool = False) -> Any:  # noqa: ANN401 -- Flask's; bytes or text
        """The body."""
        return self.data.decode() if as_text else self.data

    def set_data(self, value: bytes | str) -> None:
        """Another body."""
        self.data = value.encode() if isinstance(value, str) else value
