"""Secrets: what must not be read in a snapshot, a log or an error.

Masking is a safety net for what people paste into cells. It knows three shapes: the value of an
environment variable whose name says key, the value that follows a name such as ``password``, and
the password inside a URL, or the long token in its place.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MASK = "***"
SHORTEST_VALUE = 6

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
_OPTION = re.compile(r"--?[\w-]*$")
_URL = re.compile(
    r"(?P<head>\b(?:[a-z][a-z0-9+.-]*://[^\s/:@]*:(?=[^\s/]+@)|(?:[a-z0-9.-]+\+)?https?://(?=[^\s/:@]{16,}@)))"
    r"[^\s/]+(?=@)",
    re.IGNORECASE,
)


def mask(text: str, environ: Mapping[str, str] | None = None) -> str:
    """The text with every secret replaced by ``***``.

    Args:
        text: source code, a log, a command line, a URL.
        environ: the environment variables; those of the process when not given.
    """
    return masker(environ)(text)


def masker(environ: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A function that masks many texts, with the environment as it is now.

    Args:
        environ: the environment variables; those of the process when not given.
    """
    values = _secret_values(os.environ if environ is None else environ)

    def masked(text: str) -> str:
        for value in values:
            text = text.replace(value, MASK)
        if "://" in text:
            text = _URL.sub(rf"\g<head>{MASK}", text)
        return _NAMED.sub(_masked, text)

    return masked


def is_secret_name(name: str) -> bool:
    """Whether the value of a variable of this name is to be masked."""
    return name not in _NOT_SECRET and _SECRET_VARIABLE.search(name) is not None


def _secret_values(environ: Mapping[str, str]) -> list[str]:
    """Longest first, so that a key which starts with another is masked whole."""
    values = {
        value
        for name, value in environ.items()
        if len(value) >= SHORTEST_VALUE and is_secret_name(name)
    }
    return sorted(values, key=len, reverse=True)


def _masked(match: re.Match[str]) -> str:
    if not _is_secret(match):
        return match[0]
    return f"{match['name']}{match['between']}{match['quote']}{MASK}{match['after']}"


def _is_secret(match: re.Match[str]) -> bool:
    if len(match["value"]) < _LONG_ENOUGH.get(match["name"].lower(), 1):
        return False
    if match["quote"]:
        return match["after"] in {"'", '"'}
    # `password = read()` and `secret=box.value` are code that holds no secret.
    if not match["between"].strip():
        before = match.string[: match.start()]
        return bool(_OPTION.search(before[before.rfind(" ") + 1 :])) and before[-1:] == "-"
    return match["after"] not in {"(", ".", "["} and " " not in match["between"]
