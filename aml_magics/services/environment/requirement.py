"""Translates a definition into requirement lines for a resolver.

A definition may come from somebody else's file. So a line is a name with versions and nothing more, unless
the user allows it: an option such as ``--index-url`` takes every package from elsewhere, and a path or URL
runs the code it points to.
"""

from __future__ import annotations

import os
import re
import string
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from aml_magics.errors import InvalidEnvironmentError, InvalidRequirementError
from aml_magics.records.secret import mask
from aml_magics.services.environment.conda_package import pypi_name, pypi_pin, split_conda
from aml_magics.services.environment.specification import checked_conda
from aml_magics.services.environment.wheel import is_private_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ALLOW_VARIABLE: Final = "AML_MAGICS_ALLOW_REQUIREMENTS"
KINDS: Final = ("index", "path", "url")
"""Kinds that can be allowed: options that name an index, local paths, URLs."""

_INDEX = re.compile(
    r"(?P<alone>--no-index|--pre)|(?P<flag>-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)[ =]+(?P<value>[^\s-]\S*)"
)
_SCHEME = re.compile(r"(?:^|@\s*+)([A-Za-z][A-Za-z0-9+.-]++):")
_NO_BEGINNING: Final = string.digits + "+.-"
_SCHEME_LETTERS: Final = string.ascii_letters + string.digits + "+.-"
_HASH = re.compile(r"\s--hash[= ]\S+")
_AZURE = re.compile(r"(?:azureml|azure-ml)(?:-.*)?")
_TAKEN = {"sklearn": "scikit-learn", "opencv": "opencv-python-headless"}  # not on PyPI, or a trap
_TABLES: Final = ("duckdb", "pandas", "pyarrow")
"""The packages that read a tabular dataset. Azure's `azureml-defaults` brings its own engine for that."""

_ALSO: Final = {
    # the newest that the last azureml-mlflow allowed, and what log_model needs of pandas' in it
    "azureml-mlflow": ("mlflow-skinny<=3.9.0", "pandas"),
    "azureml-tensorboard": ("tensorboard",),
    "azureml-interpret": ("interpret-community",),
    "azureml-explain-model": ("interpret-community",),
    "azureml-defaults": _TABLES,
    "azureml-sdk": _TABLES,
    "azureml-dataprep": _TABLES,
    "azureml-dataset-runtime": _TABLES,
    "azureml-opendatasets": _TABLES,
    "azureml-datadrift": _TABLES,
}
"""Dependencies of Microsoft's packages that scripts import."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """A definition's requirements: lines and options for a resolver, a Python, and notes for the user."""

    lines: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    python: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathered:
    allowed: frozenset[str]
    lines: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    python: str = ""
    notes: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    unhashed: bool = False


def allowed_kinds(more: Iterable[str] = ()) -> frozenset[str]:
    """The kinds that the environment variable allows, and ``more``; raises InvalidRequirementError."""
    words = os.environ.get(ALLOW_VARIABLE, "").replace(",", " ").split()
    kinds = frozenset({*words, *more})
    unknown = sorted(kinds - set(KINDS))
    if unknown:
        raise InvalidRequirementError(
            f"{ALLOW_VARIABLE} allows {', '.join(KINDS)}, not {unknown[0]!r:.60}."
        )
    return kinds


def requirements_of(conda: Mapping[str, Any], allow: Iterable[str] = ()) -> Requirements:
    """The requirements of conda dependencies, in PyPI's names.

    Args:
        conda: the content of a conda file.
        allow: allowed kinds besides those of ``AML_MAGICS_ALLOW_REQUIREMENTS``.

    Raises:
        InvalidRequirementError: a line is invalid, or not allowed.
        InvalidEnvironmentError: the dependencies are malformed.
    """
    gathered = _Gathered(allowed_kinds(allow))
    for entry in checked_conda(conda, "of the environment")["dependencies"]:
        if isinstance(entry, str):
            _conda(gathered, entry)
        else:
            for line in entry.get("pip") or ():
                _pip(gathered, line)
    return Requirements(
        tuple(dict.fromkeys(gathered.lines)),
        tuple(gathered.options),
        gathered.python,
        tuple(_notes(gathered)),
    )


def brought_by_azureml(name: str) -> tuple[str, ...] | None:
    """The dependencies of a package of Azure ML SDK v1; None for any other package.

    Such a package itself is never installed: aml_magics replaces it.
    """
    canonical = canonicalize_name(name)
    return _ALSO.get(canonical, ()) if _AZURE.fullmatch(canonical) else None


def checked_line(line: str, allowed: frozenset[str] = frozenset()) -> str:
    """A requirement line in canonical form; raises InvalidRequirementError if it is invalid or not allowed."""
    if not line.isprintable():
        raise InvalidRequirementError(
            f"A requirement is one line of printable text, not {line!r:.80}."
        )
    clean = line.strip()
    kind = _kind(clean)
    if kind == "path" and is_private_wheel(_file_of(clean)):
        return clean
    if kind and kind not in allowed:
        shown = mask(clean, {})
        raise InvalidRequirementError(
            f"The requirement {shown!r:.120} {_REASONS[kind]}, which is not done unasked. If you trust it, set "
            f"os.environ[{ALLOW_VARIABLE!r}] = {kind!r} first."
        )
    if kind:
        return clean
    try:
        return str(Requirement(clean))
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        raise InvalidRequirementError(
            f"A requirement is a name with versions such as pandas>=2,<3, not {mask(clean, {})!r:.80} ({reason:.80})."
        ) from None


_REASONS: Final = {
    "index": "takes packages from another index",
    "path": "installs from a file or folder",
    "url": "installs from an address",
}


def _kind(line: str) -> str:
    """The kind of a line, one of :data:`KINDS`; empty for a name with versions."""
    if line.startswith("-"):
        if _INDEX.fullmatch(line):
            return "index"
        if re.split(r"[ =]", line, maxsplit=1)[0] in (
            "-e",
            "--editable",
            "-r",
            "--requirement",
            "-c",
            "--constraint",
        ):
            return "path"
        raise InvalidRequirementError(
            f"{mask(line, {})!r:.80} is no option that a requirement may have; leave it out."
        )
    scheme = _scheme(line)
    if scheme:
        return "path" if scheme.lower() == "file" else "url"
    target = line.partition("@")[2].strip() or line
    if target.startswith((".", "/", "~", "\\")):
        return "path"
    is_file = re.match(r"\S+(?:[/\\]|\.whl\b|\.tar\.gz\b|\.zip\b)", line)
    return "path" if is_file or _has_place(line) else ""


def _scheme(line: str) -> str:
    """The first URL scheme in a line, in linear time, since a line may be long."""
    begins = _SCHEME.search(line)
    end = 0
    for part in line.split("://")[:-1]:
        end += len(part)
        found = part[len(part.rstrip(_SCHEME_LETTERS)) :].lstrip(_NO_BEGINNING)
        if found and (begins is None or end - len(found) < begins.start()):
            return found
        end += len("://")
    return "" if begins is None else begins[1]


def _has_place(line: str) -> bool:
    """Whether the line has an @: uv takes what follows for a path, even ``${HOME}/x``."""
    try:
        return Requirement(line).url is not None
    except InvalidRequirement:
        return False


def _file_of(line: str) -> str:
    target = line.partition("@")[2].strip() or line
    return unquote(urlsplit(target).path) if target.startswith("file:") else ""


def _conda(gathered: _Gathered, spec: str) -> None:
    name, pin = split_conda(spec)
    if name == "python":
        # an exact pin may be followed by a conda build
        is_exact = not pin.startswith((">", "<", "!", "~"))
        gathered.python = re.split(r"[= ]", pin.lstrip("="), maxsplit=1)[0] if is_exact else pin
        return
    if brought_by_azureml(name) is not None:
        _pip(gathered, name)
        return
    pypi = pypi_name(name)
    if pypi is None:
        if name not in ("pip", "python_abi"):
            gathered.dropped.append(name)
        return
    gathered.lines.append(checked_line(pypi + pypi_pin(name, pin)))


def _pip(gathered: _Gathered, line: str) -> None:
    bare = _HASH.sub("", line) if line.isprintable() else line
    gathered.unhashed |= bare != line
    clean = checked_line(bare.partition(" #")[0], gathered.allowed)
    kind = _kind(clean)
    if kind == "index":
        match = _INDEX.fullmatch(clean)
        gathered.options += (
            _uv_options(match["alone"] or match["flag"], match["value"]) if match else []
        )
        return
    if kind:
        gathered.lines.append(_named(clean))
        return
    requirement = Requirement(clean)
    name = canonicalize_name(requirement.name)
    brought = brought_by_azureml(name)
    if brought is not None:
        gathered.lines += brought
        return
    if name in ("pip", "aml-magics"):  # the environment is filled from outside
        return
    if name in _TAKEN:
        requirement.name = _TAKEN[name]
    gathered.lines.append(str(requirement))


def _uv_options(flag: str, value: str | None) -> list[str]:
    names = {"-i": "--index-url", "-f": "--find-links", "--trusted-host": "--allow-insecure-host"}
    if flag == "--pre":
        return ["--prerelease", "allow"]
    return [names.get(flag, flag), value] if value else [flag]


def _named(line: str) -> str:
    """A wheel's path with its name before it, as the resolver expects."""
    if line.startswith("file:") and line.endswith(".whl"):
        return f"{line.rpartition('/')[2].split('-')[0]} @ {line}"
    return line


def _notes(gathered: _Gathered) -> Iterator[str]:
    if gathered.dropped:
        yield f"{', '.join(gathered.dropped)}: left out, since conda alone has it and no container is used."
    if gathered.unhashed:
        yield "Hashes of the requirements were not used; the lock has its own."


def current_minor() -> str:
    """The minor version of the running Python, such as ``3.12``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def python_section(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Python section of a definition; raises InvalidEnvironmentError if it is not a dict."""
    section = definition.get("python") or {}
    if not isinstance(section, dict):
        raise InvalidEnvironmentError(
            f"`python` of an environment is a dict with condaDependencies and others, not {section!r:.60}."
        )
    return section
