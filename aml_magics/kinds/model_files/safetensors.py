"""Safetensors: a JSON header of tensors; https://github.com/huggingface/safetensors describes the format."""

from __future__ import annotations

import json
import math
from typing import IO, Any, Final

from aml_magics.kinds.model_files._base import Content, ModelFileKind, shortened

_MOST_HEADER: Final = 100_000_000
"""The limit of the format."""


class Safetensors(ModelFileKind):
    """Tensors as plain bytes; loading them runs nothing."""

    title = "safetensors"

    def matches(self, name: str, head: bytes) -> bool:
        """By the first bytes, and the name where they do not tell."""
        return name.lower().endswith(".safetensors") or (
            len(head) > 8
            and head[8:10] == b'{"'
            and int.from_bytes(head[:8], "little") <= _MOST_HEADER
        )

    def read(self, file: IO[bytes], size: int) -> Content:
        """Tensors with their types and shapes, and the notes in the header."""
        length = int.from_bytes(file.read(8), "little")
        if length > min(_MOST_HEADER, size - 8):
            raise ValueError(
                f"its header says that it has {length:,} bytes, and the file has {size:,}"
            )
        header = json.loads(file.read(length))
        if not isinstance(header, dict):
            raise ValueError("its header is no JSON object")  # noqa: TRY004 -- the file is wrong, not a type
        notes = header.pop("__metadata__", {})
        tensors = {name: one for name, one in header.items() if isinstance(one, dict)}
        lines, notices = shortened(
            [f"{name} {_shape(one)}" for name, one in tensors.items()], "tensors"
        )
        total = sum(math.prod(one.get("shape", ())) for one in tensors.values())
        facts = [("Tensors", f"{len(tensors):,}"), ("Parameters", f"{total:,}")]
        facts += (
            [(str(key), str(value)) for key, value in notes.items()]
            if isinstance(notes, dict)
            else []
        )
        facts += [("Tensor", line) for line in lines]
        return Content(self.title, tuple(facts), notices=notices)


def _shape(tensor: dict[str, Any]) -> str:
    return f"{tensor.get('dtype', '?')} {' x '.join(map(str, tensor.get('shape', ())))}".strip()
