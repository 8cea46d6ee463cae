"""ONNX: the header of its protocol buffer; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the fields.

The few fields that are shown are read by hand, so that no package for ONNX is needed to show a model.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from aml_magics.kinds.model_files._base import Content, ModelFileKind, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: Final = (
    "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
    "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
)  # fmt: skip
_MOST_BYTES: Final = 1 << 31
"""The limit of a protocol buffer."""


class Onnx(ModelFileKind):
    """A graph of operators; loading it runs nothing of its own."""

    title = "ONNX"

    def matches(self, name: str, head: bytes) -> bool:
        """By the first bytes, and the name where they do not tell."""
        return name.lower().endswith(".onnx") and head[:1] == b"\x08"

    def read(self, file: IO[bytes], size: int) -> Content:
        """Maker, versions, operators, inputs and outputs."""
        if size > _MOST_BYTES:
            raise ValueError(
                f"a protocol buffer has at most {_MOST_BYTES:,} bytes, and it has {size:,}"
            )
        facts: list[tuple[str, str]] = []
        notices: tuple[str, ...] = ()
        graph: bytes = b""
        names = {
            2: "Made by",
            3: "Version of its maker",
            4: "Domain",
            5: "Version",
            6: "Description",
        }
        for field, value in _fields(file.read()):
            if field == 1:
                facts.append(("IR version", str(value)))
            elif field in names and value:
                facts.append((names[field], _text(value)))
            elif field == 7 and isinstance(value, bytes):
                graph = value
            elif field == 8 and isinstance(value, bytes):
                parts = dict(_fields(value))
                facts.append(
                    ("Operators", f"{_text(parts.get(1, b'')) or 'ai.onnx'} {parts.get(2, '?')}")
                )
        shown, notices = _graph(graph)
        return Content(self.title, (*facts, *shown), notices=notices)


def _graph(data: bytes) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    nodes, weights = 0, set()
    inputs: list[str] = []
    outputs: list[str] = []
    names: list[str] = []
    for field, value in _fields(data):
        if field == 1:
            nodes += 1
        elif field == 5 and isinstance(
            value, bytes
        ):  # a weight, which older files list as an input, too
            weights.add(_text(dict(_fields(value)).get(8, b"")))
        elif field in (11, 12) and isinstance(value, bytes):
            name, shape = _value_info(value)
            (inputs if field == 11 else outputs).append(f"{name} {shape}".strip())
            names.append(name)
    real = [one for one in inputs if one.partition(" ")[0] not in weights]
    lines, notices = shortened(real, "inputs")
    facts = [("Nodes", f"{nodes:,}"), ("Weights", f"{len(weights):,}")]
    facts += [("Input", one) for one in lines]
    facts += [("Output", one) for one in shortened(outputs, "outputs")[0]]
    return facts, notices


def _value_info(data: bytes) -> tuple[str, str]:
    """The name of an input or output, and its type with its shape; a free dimension is named or ``?``."""
    parts = dict(_fields(data))
    name = _text(parts.get(1, b""))
    tensor = dict(_fields(_bytes(dict(_fields(_bytes(parts.get(2)))).get(1))))
    code = tensor.get(1, 0)
    kind = _TYPES[code] if isinstance(code, int) and code < len(_TYPES) else "?"
    sizes = []
    for field, value in _fields(_bytes(tensor.get(2))):
        if field == 1:
            size = dict(_fields(_bytes(value)))
            sizes.append(str(size[1]) if 1 in size else _text(size.get(2, b"")) or "?")
    return name, f"{kind} {' x '.join(sizes)}".strip()


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: numbers as int, all else as bytes."""
    place = 0
    while place < len(data):
        key, place = _number(data, place)
        field, kind = key >> 3, key & 7
        if kind == 0:
            value, place = _number(data, place)
            yield field, value
            continue
        length = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            length, place = _number(data, place)
        if length is None or place + length > len(data):
            raise ValueError(f"its protocol buffer breaks at byte {place:,}")
        yield field, data[place : place + length]
        place += length


def _number(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError(f"its protocol buffer breaks at byte {place:,}")


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
