"""Masking of secrets in snapshots, logs and errors.

Masking is a safety net for what people paste into cells. It recognizes the value of an environment
variable with a secret-looking name, the value after a name such as ``password``, and the password, or a
long token in its place, of a URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MASK = "***"
SHORTEST_VALUE = 6
OPTION = re.compile(r"--?([A-Za-z][\w-]*)$")
"""A command-line option whose value follows."""

_SECRET_VARIABLE = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|CONNECTION_STRING)$",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"PWD", "OLDPWD"})

# `pad_token="<pad>"` and `max_token=512` are no secrets: a token has to be long.
_LONG_ENOUGH = {"token": 16}
_NAMED = re.compile(
    r"""(?<![a-z])
    (?P<name>password|passwd|passphrase|pwd|secret|token|
        api[_-]?key|access[_-]?key|account[_-]?key|secret[_-]?key|shared[_-]?access[_-]?key)
    (?P<between>["']?\ *[:=]\ *|\s+(?=["'\w]))
    (?P<quote>["']?)
    (?P<value>[^\s"',;&()\[\]{}]+)
    (?P<after>["'(.\[]?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BEFORE = re.compile(r"--?[\w-]*$")
_URL = re.compile(
    r"(?P<head>\b(?:[a-z][a-z0-9+.-]{0,40}://[^\s/:@]*:(?=[^\s/]+@)|(?:[a-z0-9.-]{1,40}\+)?https?://(?=[^\s/:@]{16,}@)))"
    r"(?P<value>[^\s/]+)(?=@)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HINTS = (b"passw", b"passphrase", b"pwd", b"secret", b"token", b"key", b"://")
_NEAR = 200
_remembered: tuple[str, ...] = ()


def mask(text: str, environ: Mapping[str, str] | None = None) -> str:
    """Replace every secret in a text by ``***``.

    Args:
        text: source code, a log, a command line, a URL.
        environ: the environment variables; those of the process by default.
    """
    return masker(environ)(text)


def masker(environ: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A function that masks many texts, with a snapshot of the environment variables."""
    values = _secret_values(os.environ if environ is None else environ)
    return lambda text: _hidden(text, [*values, *_remembered], lambda _: MASK)


def byte_masker(environ: Mapping[str, str] | None = None) -> Callable[[bytes], bytes]:
    """:func:`masker` for UTF-8 bytes; it preserves length, so that a file can be masked in place.

    Only lines with a word that may begin a secret are searched, since a log may be long.
    """
    values = _secret_values(os.environ if environ is None else environ)

    def masked(data: bytes) -> bytes:
        known = [_as_bytes(value) for value in (*values, *_remembered)]
        for value in known:
            data = data.replace(value.encode("latin-1"), b"*" * len(value))
        lowered = data.lower()
        if not any(hint in lowered for hint in _HINTS):
            return data
        lines = data.splitlines(keepends=True)
        return b"".join(_masked_line(line) for line in lines)

    return masked


def _masked_line(line: bytes) -> bytes:
    lowered = line.lower()
    if not any(hint in lowered for hint in _HINTS):
        return line
    return _hidden(line.decode("latin-1"), (), lambda found: "*" * len(found)).encode("latin-1")


def _as_bytes(value: str) -> str:
    """A value as it looks when each byte is decoded as one character."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def _hidden(text: str, values: Iterable[str], hide: Callable[[str], str]) -> str:
    for value in values:
        text = text.replace(value, hide(value))
    if "://" in text:
        text = _URL.sub(lambda found: found["head"] + hide(found["value"]), text)
    return _NAMED.sub(lambda found: _masked(found, hide), text)


def remember(values: Iterable[str]) -> None:
    """Mask these values everywhere from now on, since they came from a secret store."""
    global _remembered  # noqa: PLW0603 -- replaced whole, so that other threads see the old one or the new one
    known = {*_remembered, *(value for value in values if len(value) >= SHORTEST_VALUE)}
    _remembered = tuple(sorted(known, key=len, reverse=True))


def without_url_password(address: str) -> str:
    """Mask the password of a URL with ``***``, independent of known secrets."""
    return _URL.sub(rf"\g<head>{MASK}", address)


def without_secrets(value: Any, name: str = "") -> Any:  # noqa: ANN401 -- any value of JSON
    """A copy to show: values with secret-looking keys, and passwords in URLs, are masked."""
    if isinstance(value, Mapping):
        return {key: without_secrets(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(item, name) for item in value]
    if value in (None, "") or isinstance(value, bool):
        return value
    if is_secret_name(_WORDS.sub("_", name)):
        return MASK
    return mask(value, {}) if isinstance(value, str) else value


def shown_arguments(arguments: Sequence[str]) -> list[str]:
    """A command line to show: the value of ``--password`` is ``***``."""
    shown: list[str] = []
    before = ""
    for word in arguments:
        name, given, value = word.partition("=")
        if given and OPTION.match(name):
            shown.append(f"{name}={shown_value(name.lstrip('-'), value)}")
        else:
            option = OPTION.match(before)
            shown.append(shown_value(option[1], word) if option else mask(word))
        before = word
    return shown


def shown_value(name: str, value: str) -> str:
    """The value of a command-line option to show."""
    masked = mask(value)
    return MASK if MASK in mask(f"--{name}={value}") and masked == value else masked


def is_secret_name(name: str) -> bool:
    """Whether values of variables with this name are masked."""
    return name not in _NOT_SECRET and _SECRET_VARIABLE.search(name) is not None


def _secret_values(environ: Mapping[str, str]) -> list[str]:
    """Longest first, so that a key that starts with another is masked whole."""
    values = {
        value
        for name, value in environ.items()
        if len(value) >= SHORTEST_VALUE and is_secret_name(name)
    }
    return sorted(values, key=len, reverse=True)


def _masked(match: re.Match[str], hide: Callable[[str], str]) -> str:
    if not _is_secret(match):
        return match[0]
    hidden = hide(match["value"])
    return f"{match['name']}{match['between']}{match['quote']}{hidden}{match['after']}"


def _is_secret(match: re.Match[str]) -> bool:
    if len(match["value"]) < _LONG_ENOUGH.get(match["name"].lower(), 1):
        return False
    if match["quote"]:
        return match["after"] in {"'", '"'}
    # `password = read()` and `secret=box.value` are code that holds no secret.
    if not match["between"].strip():
        # not the rest of a long text for each match
        before = match.string[max(0, match.start() - _NEAR) : match.start()]
        return bool(_BEFORE.search(before[before.rfind(" ") + 1 :])) and before[-1:] == "-"
    return match["after"] not in {"(", ".", "["} and " " not in match["between"]
