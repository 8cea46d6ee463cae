"""Scripts and requests that Azure's inference server and ours are asked; ``contract.json`` has its answers.

``python tests/workers/replica/contract.py <python>`` asks again: a Python with azureml-inference-server-http,
inference-schema and flask-cors. Headers that differ each time (dates, generated ids, milliseconds) are left out.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("contract.json")

_RAW = """
from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request):
    what = request.args.get("what", "")
    if what == "teapot": return AMLResponse(b"short and stout", 418, {"Content-Type": "text/x-pot", "x-lid": "a, b"})
    if what == "fails": return AMLResponse("no", 503)
    if what == "json": return AMLResponse({"a": 1}, 201, {"x-more": "1"}, json_str=True)
    if what == "none": return AMLResponse(None, 200)
    if what == "files": return {k: [f.filename, f.read().decode()] for k, f in request.files.items()} | dict(request.form)
    if what == "data": return request.get_data(as_text=True)
    if what == "parsed": return request.get_json()
    return [request.method, request.path, request.full_path, request.headers.get("x-color"), request.content_type,
            request.mimetype, request.is_json]
"""
_SCHEMA = """
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
def init(): pass
@input_schema("values", StandardPythonParameterType([1, 2]))
@input_schema("scale", StandardPythonParameterType(2))
@output_schema(StandardPythonParameterType([2, 4]))
def run(values, scale=3):
    return [one * scale for one in values]
"""
SCRIPTS = {
    "text": """
import json, math
def init(): print("ready")
def run(data):
    if data == "raise": raise ValueError("secret")
    if data == "exit": raise SystemExit(3)
    if data == "dumps": return json.dumps([1.5, "\\u00e9"])
    if data == "none": return None
    if data == "nan": return [math.nan, math.inf]
    if data == "object": return object()
    if data == "bytes": return b"abc"
    if data == "set": return {1}
    if data == "tuple": return (1, {"a": True})
    return [data, len(data)]
""",
    "headers": """
def init(): pass
def run(data, request_headers):
    return {k: v for k, v in request_headers.items() if k.lower() in ("x-color", "content-type", "authorization")}
""",
    "raw": _RAW,
    "schema": _SCHEMA,
}

_FORM = (
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    b'pixels\r\nmore\r\n--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--b--\r\n'
)
_JSON = {"Content-Type": "application/json"}
_ORIGIN = {"Origin": "http://a.example"}

Case = tuple[str, str, str, dict[str, str], bytes]

REQUESTS: list[Case] = [
    ("text", "GET", "/", {}, b""),
    ("text", "HEAD", "/", {}, b""),
    ("text", "POST", "/", {}, b""),
    ("text", "OPTIONS", "/", {}, b""),
    ("text", "GET", "/", {"x-request-id": "abc"}, b""),
    ("text", "GET", "/none", {}, b""),
    ("text", "POST", "/score/", {}, b""),
    *(
        ("text", "POST", "/score", _JSON, body)
        for body in (
            *(
                b"",
                b'{"a": 1}',
                b"raise",
                b"dumps",
                b"none",
                b"nan",
                b"object",
                b"bytes",
                b"set",
                b"tuple",
            ),
            *("\u00e9".encode(), b"\xff"),
        )
    ),
    ("text", "GET", "/score?a=1&b=[1,2]&c=a&d=null&e=", {}, b""),
    ("text", "GET", "/score?x=1&x=y&z=%20", {}, b""),
    *(
        ("text", method, "/score", {}, b"")
        for method in ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
    ),
    ("text", "POST", "/score", {"x-request-id": "r1"}, b"x"),
    ("text", "POST", "/score", {"x-ms-request-id": "m1"}, b"x"),
    ("text", "POST", "/score", {"x-ms-client-request-id": "c1"}, b"x"),
    ("text", "POST", "/score", {"x-ms-client-request-id": "c1", "x-ms-request-id": "m1"}, b"x"),
    ("text", "POST", "/score", {"x-request-id": "r" * 101}, b"x"),
    ("text", "POST", "/score", {"x-request-id": "r", "x-ms-client-request-id": "r" * 101}, b"x"),
    ("text", "POST", "/score", {"TraceId": "t1"}, b"x"),
    ("text", "POST", "/score", _ORIGIN, b"x"),
    ("text", "POST", "/score", {"Origin": "http://b.example"}, b"x"),
    (
        *("text", "OPTIONS", "/score"),
        {
            **_ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-a",
        },
        b"",
    ),
    *(("text", "GET", f"/swagger.json?version={one}", {}, b"") for one in ("2", "3", "3.1", "9")),
    ("text", "GET", "/swagger.json", {}, b""),
    ("text", "POST", "/swagger.json", {}, b""),
    ("headers", "POST", "/score", {"X-Color": "red", **_JSON}, b"x"),
    (
        "raw",
        "POST",
        "/score?x=%20y",
        {"X-Color": "red", "Content-Type": "application/json; charset=utf-8"},
        b"{}",
    ),
    *(
        ("raw", "POST", f"/score?what={one}", {}, b"\xc3\xa9")
        for one in ("teapot", "fails", "json", "none", "data")
    ),
    (
        "raw",
        "POST",
        "/score?what=files",
        {"Content-Type": "multipart/form-data; boundary=b"},
        _FORM,
    ),
    ("raw", "POST", "/score?what=parsed", _JSON, b'{"a": [1]}'),
    ("raw", "GET", "/score", {}, b""),
    ("raw", "OPTIONS", "/score", {}, b""),
    ("raw", "PUT", "/score", {}, b""),
    *(
        ("schema", "POST", "/score", _JSON, body)
        for body in (
            b'{"values": [1, 2]}',
            b'{"values": [1], "scale": 5}',
            b"",
            b"[1]",
            b"{x",
            b'{"scale": 1}',
        )
    ),
    ("schema", "POST", "/score", _JSON, b'{"values": 7}'),
    ("schema", "POST", "/score", {"Content-Type": "text/plain"}, b'{"values": [1]}'),
    ("schema", "GET", "/score?values=[1,2]", {}, b""),
    ("schema", "GET", "/swagger.json?version=3", {}, b""),
]

CHANGING = ("date", "server", "connection", "x-ms-run-fn-exec-ms", "content-length")


def ask(port: int, case: Case) -> dict[str, Any]:
    """Ask, and keep what does not differ each time."""
    _, method, target, headers, body = case
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: service",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = b""
        while part := client.recv(65536):
            answer += part
    head, _, content = answer.partition(b"\r\n\r\n")
    status, *given = head.decode().split("\r\n")
    kept = sorted(
        (name.lower(), ", ".join(sorted(value.split(", "))) if name.lower() == "allow" else value)
        for name, value in (
            line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in given
        )
        if name.lower() not in CHANGING and not (len(value) == 36 and value.count("-") == 4)
    )
    return {
        "status": int(status.split()[1]),
        "headers": [list(one) for one in kept],
        "body": content.decode(),
    }


def _record(python: str) -> None:
    answers: list[dict[str, Any]] = []
    for name, script in SCRIPTS.items():
        folder = Path(tempfile.mkdtemp())
        (folder / "score.py").write_text(script)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [
            python,
            "-m",
            "azureml_inference_server_http",
            "--entry_script",
            "score.py",
            "--port",
            str(port),
        ]
        variables = {
            **os.environ,
            "AML_APP_ROOT": str(folder),
            "AML_CORS_ORIGINS": "http://a.example",
        }
        process = subprocess.Popen(command, cwd=folder, env={**variables, "SERVICE_NAME": "digits"})
        try:
            while True:
                try:
                    ask(port, REQUESTS[0])
                    break
                except OSError:
                    time.sleep(0.2)
            answers += [ask(port, one) for one in REQUESTS if one[0] == name]
        finally:
            process.terminate()
            process.wait()
    RECORDED.write_text("[\n" + ",\n".join(json.dumps(one) for one in answers) + "\n]\n")


if __name__ == "__main__":
    _record(sys.argv[1])
