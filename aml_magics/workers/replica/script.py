"""The scoring script: how it is loaded, what its ``run`` gets, and how its result is encoded.

Azure's inference server gives ``run`` one of three things: the body as text; the request itself where any function
was decorated with ``@rawhttp``; the values of a JSON object where ``run`` was decorated with inference-schema's
``@input_schema``.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import sys
import traceback
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aml_magics.workers.replica import rawhttp
from aml_magics.workers.replica.message import (
    JSON,
    SUCCEEDED,
    TEXT,
    Answer,
    RefusedError,
    Request,
    error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.workers.replica.log import Log
    from aml_magics.workers.replica.orders import Orders

_SCORING_FAILED = "An unexpected error occurred in scoring script. Check the logs for more info."
_INTERNAL = "An unexpected internal error occurred. Check the logs for more info."
_PARTS = {
    "inference_schema": "inference-schema",
    "sklearn": "scikit-learn",
    "cv2": "opencv-python-headless",
}
_FILES_SHOWN = 200


class ScriptError(Exception):
    """The script cannot serve. ``code``, one line and the traceback of what it raised go to the supervisor."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def trace_of(problem: BaseException) -> str:
    """Its traceback from the first line of the user's code on; an error in no line of it stands alone."""
    frames = problem.__traceback__
    while frames is not None:
        file = frames.tb_frame.f_code.co_filename
        if file != __file__ and not file.startswith("<frozen importlib"):
            break
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(problem), problem, frames))


class Script:
    """The user's module. :meth:`load` and :meth:`answer` are called in the threads that score."""

    def __init__(self, orders: Orders, log: Log) -> None:
        self._orders = orders
        self._log = log
        self._limit = orders.limits.body
        self._warned: set[type] = set()
        self.tell_id: Callable[[str], object] | None = (
            None  # what ModelDataCollector notes with its rows
        )
        self.run: Callable[..., Any] = _nothing
        self._arguments: Callable[[Request], dict[str, Any]] = self._text
        self._takes_headers = False
        self._name = ""
        self._parameters: list[inspect.Parameter] = []

    # Loading

    def load(self) -> None:
        """Import the script and call its ``init``.

        Raises:
            ScriptError: It cannot be imported, lacks a function, or ``init`` raises.
        """
        module = self._imported()
        if not hasattr(module, "init"):
            raise self._refused("InitMissing", "does not have an init() function defined")
        if not hasattr(module, "run"):
            raise self._refused("RunMissing", "does not have a run() function defined")
        driver = getattr(
            module, "driver_module", None
        )  # Azure's designer wraps a script in another
        has_driver = isinstance(driver, ModuleType) and hasattr(driver, "run")
        self.run = driver.run if has_driver and driver is not None else module.run
        self._log.info(f"Found user script at {module.__file__}")
        self._analyze()
        self._log.info("Invoking user's init function")
        try:
            module.init()
        except BaseException as problem:
            self._log.error("User's init function failed")
            self._log.error(f"Encountered Exception {trace_of(problem)}")
            self._show_models()
            raise ScriptError(
                "InitError", f"init() of {self._orders.entry_script} raised {_brief(problem)}"
            ) from problem
        finally:
            self._end_line()
        self._log.info("Users's init has completed successfully")

    def _imported(self) -> ModuleType:
        app, entry = self._orders.app, self._orders.entry_script
        path = os.path.join(app, entry)  # noqa: PTH118 -- as the rest of this file, quick to start
        for folder in (app, os.path.dirname(path)):  # noqa: PTH120
            if folder not in sys.path:
                sys.path.append(folder)
        sys.modules.update(_raw_modules())
        name = "entry_module"
        try:
            specification = importlib.util.spec_from_file_location(name, path)
            if specification is None or specification.loader is None:
                raise ImportError(f"{entry!r} is not a Python file")  # noqa: TRY301
            module = importlib.util.module_from_spec(specification)
            sys.modules[name] = module  # dataclasses and pickle look for it
            specification.loader.exec_module(module)
        except BaseException as problem:
            self._log.error(trace_of(problem))
            remedy = ""
            if isinstance(problem, ModuleNotFoundError) and problem.name:
                missing = problem.name.partition(".")[0]
                remedy = f"; add {_PARTS.get(missing, missing)!r} to the pip packages of the service's environment"
                self._log.error(
                    f"The environment of this service has no module {missing!r}{remedy}."
                )
            raise ScriptError(
                "ScriptImportError", f"{entry} could not be imported: {_brief(problem)}{remedy}"
            ) from problem
        finally:
            self._end_line()
        return module

    def _refused(self, code: str, why: str) -> ScriptError:
        message = f"User script at {self._orders.entry_script} {why}."
        self._log.error(message)
        return ScriptError(code, message)

    def _analyze(self) -> None:
        parameters = list(inspect.signature(self.run).parameters.values())
        named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        if any(one.kind not in named for one in parameters):
            raise self._refused(
                "RunInvalid", "has a run() with positional-only arguments, *args, or **kwargs"
            )
        self._takes_headers = any(one.name == "request_headers" for one in parameters)
        self._parameters = [one for one in parameters if one.name != "request_headers"]
        if not self._parameters:
            raise self._refused("RunInvalid", "has a run() that takes no argument for input data")
        self._name = self._parameters[0].name
        is_decorated = self.schema_util is not None and self.schema_util.is_schema_decorated(
            self.run
        )
        if rawhttp.wanted and is_decorated:
            raise self._refused(
                "RunInvalid", "decorates run() with both @rawhttp and @input_schema"
            )
        if rawhttp.wanted:
            self._arguments = self._raw
            self._log.info(
                "run() is decorated with @rawhttp. Server will invoke it with the request."
            )
        elif is_decorated:
            self._arguments = self._values
            names = ", ".join(one.name for one in self._parameters)
            self._log.info(
                f"run() is decorated with @input_schema. Server will invoke it with the following arguments: {names}."
            )
        else:
            self._log.info(
                "run() is not decorated. Server will invoke it with the input in JSON string."
            )

    @property
    def schema_util(self) -> Any:  # noqa: ANN401 -- a package that need not be installed
        """inference-schema's module if the script has imported the package."""
        if "inference_schema" not in sys.modules:
            return None
        return importlib.import_module("inference_schema.schema_util")

    def _show_models(self) -> None:
        lines: list[str] = []
        for folder, _, files in os.walk(self._orders.model_dir):
            here = os.path.relpath(folder, self._orders.model_dir)
            lines += [f"{here}/{one}" for one in files]
        if lines:
            self._log.info("Model Directory Contents:")
            for line in sorted(lines)[:_FILES_SHOWN]:
                self._log.info(f"    {line}")
            if len(lines) > _FILES_SHOWN:
                self._log.info(f"{len(lines) - _FILES_SHOWN} more files are not shown.")

    # What run() gets

    def _text(self, request: Request) -> dict[str, Any]:
        if request.method == "GET":
            return {self._name: json.dumps(_parameters(request.query))}
        try:
            return {self._name: request.unpacked(self._limit).decode("utf-8")}
        except UnicodeDecodeError as problem:
            raise RefusedError(400, f"Input cannot be decoded as UTF-8: {problem}") from None

    def _raw(self, request: Request) -> dict[str, Any]:
        given = rawhttp.AMLRequest(
            request.method,
            request.path,
            request.query,
            _titled(request.headers),
            bytes(request.body),
        )
        return {self._name: given}

    def _values(self, request: Request) -> dict[str, Any]:
        if request.method == "GET":
            return self._chosen(_parameters(request.query))
        kind = (request.header(b"content-type") or b"").partition(b";")[0].strip().lower()
        if kind != b"application/json" and not (
            kind[:12] == b"application/" and kind[-5:] == b"+json"
        ):
            raise RefusedError(415, "Expects Content-Type to be application/json")
        body = request.unpacked(self._limit)
        if not body:
            raise RefusedError(400, "POST body is empty. Expecting a JSON dictionary.")
        try:
            content = json.loads(body)
        except (ValueError, RecursionError) as problem:
            raise RefusedError(400, f"POST body could not be decoded as JSON: {problem}") from None
        if not isinstance(content, dict):
            raise RefusedError(400, "POST body should be a JSON dictionary.")
        return self._chosen(content)

    def _chosen(self, content: dict[str, Any]) -> dict[str, Any]:
        chosen = {}
        for one in self._parameters:
            value = content.get(one.name, one.default)
            if value is inspect.Parameter.empty:
                raise RefusedError(400, f"A value is not provided for the {one.name!r} parameter.")
            chosen[one.name] = value
        return chosen

    # Scoring

    def answer(self, request: Request) -> Answer:
        """Score a request; whatever the script does, there is an answer."""
        is_raw = self._arguments == self._raw
        if request.method not in ("GET", "POST") and not is_raw:
            if request.method == "OPTIONS":
                return Answer(200, TEXT + SUCCEEDED, b"")
            return error(405, "Method not allowed")
        try:
            arguments = self._arguments(request)
        except RefusedError as refused:
            return error(refused.status, str(refused))
        if self._takes_headers:
            arguments["request_headers"] = dict(_titled(request.headers))
        if self.tell_id is not None:
            self.tell_id(request.request_id)
        begun = perf_counter()
        try:
            output = self.run(**arguments)
        except BaseException as problem:  # noqa: BLE001 -- a script may raise anything, SystemExit too
            elapsed = (perf_counter() - begun) * 1000
            self._log.error(f"Encountered Exception: {trace_of(problem)}")
            answer = error(500, _SCORING_FAILED, failed=True)
            answer.milliseconds = elapsed
            return answer
        finally:
            self._end_line()
        return self._encoded(output, (perf_counter() - begun) * 1000)

    def _encoded(self, output: object, elapsed: float) -> Answer:
        try:
            if hasattr(output, "status_code") and hasattr(output, "get_data"):
                answer = _response(output)
            else:
                body = json.dumps({} if output is None else output, default=self._plain).encode()
                answer = Answer(200, JSON + SUCCEEDED, body)
        except BaseException as problem:  # noqa: BLE001 -- an object of the script may raise anything
            self._log.error(f"Encountered Exception: {trace_of(problem)}")
            answer = error(500, _INTERNAL)
        else:
            answer.headers += b"x-ms-run-fn-exec-ms: %.3f\r\n" % elapsed
        answer.milliseconds = elapsed
        return answer

    def _plain(self, value: Any) -> object:  # noqa: ANN401 -- what JSON cannot hold
        """Arrays and numbers of numpy as lists and numbers; said once, since Azure's server refuses them."""
        if not hasattr(value, "tolist"):
            raise TypeError(
                f"run() returned {_named(type(value))}, which is not JSON serializable; return lists, dicts, numbers, text."
            )
        if type(value) not in self._warned:
            self._warned.add(type(value))
            self._log.write(
                "azmlinfsrv",
                "W",
                f"run() returned {_named(type(value))}: it is sent as a list here, but Azure's server answers 500. "
                "Return value.tolist().",
            )
        return value.tolist()

    @staticmethod
    def _end_line() -> None:
        if end := getattr(sys.stdout, "end_line", None):
            end()


def _response(output: Any) -> Answer:  # noqa: ANN401 -- an AMLResponse or a Flask response
    pairs = (
        output.headers.pairs() if hasattr(output.headers, "pairs") else list(output.headers.items())
    )
    pairs = [(name, str(value)) for name, value in pairs if name.lower() != "content-length"]
    if output.status_code >= 500:
        pairs = [pair for pair in pairs if pair[0].lower() != "x-ms-run-function-failed"]
        pairs.append(("x-ms-run-function-failed", "True"))
    for pair in pairs:
        if any(end in part for part in pair for end in "\r\n"):
            raise ValueError(f"A header of the response has a line end: {pair[0]!r}")
    lines = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    return Answer(int(output.status_code), lines.encode("latin-1"), bytes(output.get_data()))


def _parameters(query: str) -> dict[str, Any]:
    """Parameters of a URL as if they were JSON: ``a=1&b=x&b=y`` is ``{"a": 1, "b": ["x", "y"]}``."""
    values: dict[str, list[Any]] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        values.setdefault(name, []).append(value)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def _titled(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [
        (
            "-".join(part.capitalize() for part in name.decode("latin-1").split("-")),
            value.decode("latin-1"),
        )
        for name, value in headers
    ]


def _brief(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return f"{type(problem).__name__}: {text}"[:500] if text else type(problem).__name__


def _named(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _nothing(**_: object) -> None:
    """Before the script is loaded."""


def _raw_modules() -> dict[str, ModuleType]:
    """Raw HTTP at the path of Azure's inference server, whose own needs Flask."""
    package = "azureml_inference_server_http"
    modules = {
        name: ModuleType(name)
        for name in (
            package,
            f"{package}.api",
            f"{package}.api.aml_request",
            f"{package}.api.aml_response",
        )
    }
    for name in (package, f"{package}.api"):
        modules[name].__path__ = []
    for module, names in (
        (modules[f"{package}.api.aml_request"], ("rawhttp", "AMLRequest")),
        (modules[f"{package}.api.aml_response"], ("AMLResponse",)),
    ):
        for name in names:
            setattr(module, name, getattr(rawhttp, name))
    return modules
