"""A stand-in for inference-schema, whose releases pin old versions of what others need.

It has the decorators that the recorded script uses and the functions that a server asks for schemas, and keeps them
as the package does: beside the function, by the name of what is innermost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_UTIL = """
import functools

schemas = {}

def _innermost(function):
    return getattr(function, "__wrapped__", function)

def _kept(function):
    return schemas.setdefault(_innermost(function), {"input": {}, "output": None, "examples": {}})

def is_schema_decorated(function):
    return _innermost(function) in schemas

def get_supported_versions(function):
    return ["2.0", "3.0", "3.1"]

def get_input_schema(function):
    kept = _kept(function)
    return {"type": "object", "properties": kept["input"], "example": kept["examples"]}

def get_output_schema(function):
    return _kept(function)["output"]

def decorated(function, note, before):
    note(_kept(function))
    inner = _innermost(function)

    @functools.wraps(inner)
    def call(*args, **kwargs):
        return function(*args, **before(kwargs))

    call.__wrapped__ = inner
    return call
"""
_DECORATORS = """
from inference_schema.schema_util import decorated

def input_schema(name, kind):
    def note(kept):
        kept["input"] = {name: kind.schema} | kept["input"]
        kept["examples"] = {name: kind.sample} | kept["examples"]
    return lambda function: decorated(function, note, lambda given: given | {name: kind.checked(given[name])})

def output_schema(kind):
    def note(kept):
        kept["output"] = kind.schema | {"example": kind.sample}
    return lambda function: decorated(function, note, lambda given: given)
"""
_STANDARD = """
class StandardPythonParameterType:
    def __init__(self, sample):
        self.sample = sample
        number = {"type": "integer", "format": "int64"}
        self.schema = {"type": "array", "items": number} if isinstance(sample, list) else number

    def checked(self, value):
        if not isinstance(value, type(self.sample)):
            raise Exception(f"secret: {value!r} is no {type(self.sample).__name__}")
        return value
"""


def write(folder: Path) -> None:
    """Put the package into a folder of packages."""
    package = folder / "inference_schema"
    (package / "parameter_types").mkdir(parents=True, exist_ok=True)
    for name, text in {
        "__init__.py": "",
        "schema_util.py": _UTIL,
        "schema_decorators.py": _DECORATORS,
        "parameter_types/__init__.py": "",
        "parameter_types/standard_py_parameter_type.py": _STANDARD,
    }.items():
        (package / name).write_text(text)
