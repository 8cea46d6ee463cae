"""Views as JSON: numbers that JSON and a browser can represent, and dataclasses as objects."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec

JsonNumber = float | int | str
"""A number as strict JSON carries it, see :func:`json_number`."""

JsonScalar = float | int | str | bool | None
JsonValue = JsonScalar | list["JsonValue"] | dict[str, "JsonValue"]
T = TypeVar("T")
Later = Annotated[T, "An output of an earlier version has none."]
"""A field that outputs which were saved before it was there do not have."""

Event = Mapping[str, Any]
"""A change of a subject, ready for JSON; the types of each are in :mod:`~aml_magics.views.contract.event`."""

LARGEST_EXACT: Final = 2**53 - 1
"""The largest integer that JavaScript represents exactly."""

_PRINTABLE_BITS: Final = 4_000
"""Python refuses to print integers of over 4,300 decimal digits; larger ones are written in hex."""


_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def to_data(view: Any) -> Any:  # noqa: ANN401 -- a view in, JSON out
    """Convert the dataclasses of a view to dicts."""
    return msgspec.to_builtins(view, enc_hook=_of_numpy)


def to_json(view: Any) -> bytes:  # noqa: ANN401 -- a view, or what JSON can write
    """A view as one line of JSON in UTF-8.

    Views hold no NaN and no infinity (:func:`json_number` makes them texts); msgspec would write null.
    Lone surrogates, which UTF-8 cannot encode, become U+FFFD.
    """
    try:
        return msgspec.json.encode(view, enc_hook=_of_numpy)
    except UnicodeEncodeError:
        return _sound(json.dumps(to_data(view), ensure_ascii=False, separators=(",", ":")))


def from_json(text: bytes) -> Any:  # noqa: ANN401 -- whatever it says
    """Parse the output of :func:`to_json`; tuples become lists."""
    return msgspec.json.decode(text)


def token_of(state: Any) -> str:  # noqa: ANN401 -- a view, or what JSON can write
    """A short hash of a state; equal states have equal tokens."""
    try:
        text = msgspec.json.encode(state, enc_hook=_of_numpy, order="deterministic")
    except UnicodeEncodeError:
        text = _sound(json.dumps(to_data(state), sort_keys=True, ensure_ascii=False))
    return hashlib.blake2b(text, digest_size=9).hexdigest()


def json_number(value: float) -> JsonNumber:
    """A number that strict JSON and a browser can represent.

    Returns:
        The number itself; ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``; integers beyond 2**53, which a
        browser would round, as text.
    """
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_EXACT else _digits(value)
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def json_value(value: object) -> JsonValue:
    """Any value as strict JSON: numbers by :func:`json_number`, unknown objects by ``str``."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return json_number(value)
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return str(value)


def json_scalar(value: object) -> JsonScalar:
    """Like :func:`json_value`, with lists and mappings as their text."""
    plain = json_value(value)
    return str(plain) if isinstance(plain, list | dict) else plain


def _sound(text: str) -> bytes:
    return _LONE_SURROGATE.sub("\ufffd", text).encode()


def _of_numpy(value: object) -> float:
    """A numpy float, which Python counts as a float and msgspec does not."""
    if isinstance(value, float):
        return float(value)
    raise TypeError(f"JSON has no {type(value).__name__}; a view holds numbers, texts and views.")


def _digits(value: int) -> str:
    return str(value) if value.bit_length() <= _PRINTABLE_BITS else hex(value)
