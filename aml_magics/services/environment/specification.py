"""Reads conda files and requirements files with limits: they may come from anywhere."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import InvalidEnvironmentError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

LONGEST: Final = 256 * 1024
"""Bytes of a file; one of a thousand packages has a tenth of that."""

_FORM: Final = "name, channels, and dependencies such as `- numpy=1.26` and `- pip: [requests]`"


class _Loader(yaml.SafeLoader):
    """Plain data without aliases: nested aliases make a billion nodes of ten lines."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not read", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)


def read_conda_file(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a conda environment file.

    Raises:
        InvalidEnvironmentError: it is missing, too large, not YAML, or malformed.
    """
    return parse_conda(read_text(path, "conda file"), str(path))


def parse_conda(text: str, place: str) -> dict[str, Any]:
    """Parse a conda environment file's text.

    Args:
        place: its origin, for messages.

    Raises:
        InvalidEnvironmentError: it is not YAML, or malformed.
    """
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 -- derived from SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InvalidEnvironmentError(
            f"The conda file {place} is no YAML that is read here: {reason:.300}"
        ) from None
    except RecursionError:
        raise InvalidEnvironmentError(
            f"The conda file {place} is nested too deeply; it has {_FORM}."
        ) from None
    return checked_conda(found, place)


def checked_conda(found: object, place: str) -> dict[str, Any]:
    """Return a conda file's content if it is well-formed; raises InvalidEnvironmentError."""
    if not isinstance(found, dict):
        raise InvalidEnvironmentError(
            f"The conda file {place} holds {_kind(found)} where it has {_FORM}."
        )
    dependencies = found.get("dependencies") or []
    channels = found.get("channels") or []
    if not isinstance(dependencies, list):
        raise InvalidEnvironmentError(
            f"`dependencies` of the conda file {place} is a list, not {_kind(dependencies)}: write `- name` lines."
        )
    if not isinstance(channels, list) or not all(isinstance(one, str) for one in channels):
        raise InvalidEnvironmentError(
            f"`channels` of the conda file {place} is a list of names, not {channels!r:.60}."
        )
    for entry in dependencies:
        _check_entry(entry, place)
    return {**found, "dependencies": dependencies}


def read_requirements(path: str | os.PathLike[str]) -> list[str]:
    """A requirements file's lines, continuations joined, without comments; raises as :func:`read_text`."""
    return list(_logical(read_text(path, "requirements file").splitlines()))


def read_text(path: str | os.PathLike[str], kind: str) -> str:
    """The text of a small file.

    Raises:
        InvalidEnvironmentError: it is missing, not a regular file, too large, or not UTF-8.
    """
    place = Path(path).expanduser()
    try:
        found = place.stat()
        if not stat.S_ISREG(found.st_mode):  # a FIFO would never end
            raise InvalidEnvironmentError(
                f"The {kind} {place} is not a file; give the path of one."
            )
        if found.st_size > LONGEST:
            raise InvalidEnvironmentError(
                f"The {kind} {place} has {found.st_size:,} bytes; at most {LONGEST:,} are read: is it the right file?"
            )
        return place.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidEnvironmentError(
            f"The {kind} {place} cannot be read: {error.strerror}. Paths are relative to {Path.cwd()}."
        ) from None
    except UnicodeDecodeError as error:
        raise InvalidEnvironmentError(
            f"The {kind} {place} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None


def _check_entry(entry: object, place: str) -> None:
    if isinstance(entry, str):
        return
    is_pip = isinstance(entry, dict) and set(entry) == {"pip"}
    lines = (entry["pip"] or []) if is_pip and isinstance(entry, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise InvalidEnvironmentError(
            f"A dependency of the conda file {place} is a name such as numpy=1.26, or `pip:` with a list of "
            f"them, not {entry!r:.80}."
        )


def _logical(lines: Iterable[str]) -> Iterable[str]:
    waiting = ""
    for line in lines:
        if line.endswith("\\"):
            waiting += line[:-1] + " "
            continue
        whole, waiting = " ".join((waiting + line).split()), ""
        clean = "" if whole.startswith("#") else whole.partition(" #")[0].strip()
        if clean:
            yield clean
    if waiting.strip():
        yield " ".join(waiting.split())


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
