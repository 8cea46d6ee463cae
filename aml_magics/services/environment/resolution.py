"""Resolves requirement lines to a lock: exact versions with the hashes of their files.

Old notebooks pin packages for a Python that is not installed. Only where another Python replaces it, pins that
cannot be met give way to the nearest installable version, and a note says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from aml_magics.services.environment.own_package import own_requirements
from aml_magics.services.environment.uv import UvError, call_uv

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aml_magics.services.environment.plan import Plan

LOCK: Final = "requirements.lock"
ASKED: Final = "requirements.in"
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s\\;]+)", re.MULTILINE)
_NO_WHEEL = "wheels"
_BINARY_PARTNER: Final = "numpy"
"""Old packages are compiled for an old one of these, which their metadata does not say."""


def resolve(plan: Plan, folder: Path, lock: int) -> tuple[str, ...]:
    """Write a plan's lock into a folder; return notes about pins that gave way.

    Source distributions, whose build runs code, come last: wheels are tried first.

    Raises:
        UvError: no versions fit; it has the resolver's reason.
    """
    lines = [*plan.requirements.lines, *own_requirements()]
    try:
        _compile(plan, lines, folder, lock, "--no-build")
    except UvError as refused:
        if plan.interpreter.stands_in:
            try:
                return _nearest(plan, folder, lock)
            except UvError:
                pass
        if _NO_WHEEL not in refused.reason:
            raise
        try:
            _compile(plan, lines, folder, lock)
        except UvError:
            raise refused from None
    return ()


def locked(folder: Path) -> dict[str, str]:
    """The versions in a folder's lock."""
    return dict(_LOCKED.findall((folder / LOCK).read_text(encoding="utf-8")))


def _nearest(plan: Plan, folder: Path, lock: int) -> tuple[str, ...]:
    pinned = {line: one for line in plan.requirements.lines if (one := _pinned(line))}
    if not pinned:
        raise UvError("no requirement is pinned")
    floors = [_floor(one) for one in pinned.values()]
    _compile(
        plan, [*floors, *own_requirements()], folder, lock, "--no-build", "--resolution", "lowest"
    )
    lowest: dict[str, str] = {
        canonicalize_name(name): version for name, version in locked(folder).items()
    }
    near = [f"{_name(one)}{_extras(one)}=={lowest[_name(one)]}" for one in pinned.values()]
    if _BINARY_PARTNER in lowest:
        near.append(f"{_BINARY_PARTNER}=={lowest[_BINARY_PARTNER]}")
    rest = [line for line in plan.requirements.lines if line not in pinned]
    _compile(plan, [*rest, *near, *own_requirements()], folder, lock, "--no-build")
    changed = [line for line, one in pinned.items() if not _holds(one, lowest)]
    got = [f"{_name(pinned[line])} {lowest[_name(pinned[line])]}" for line in changed]
    return (
        f"{', '.join(changed)} cannot be had for Python {plan.interpreter.minor}: {', '.join(got)} stand in.",
    )


def _pinned(line: str) -> Requirement | None:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:  # an option or a path that was allowed
        return None
    if requirement.marker is not None and not requirement.marker.evaluate():
        return None
    bounds = [one.operator for one in requirement.specifier]
    return requirement if {"==", "===", "~=", "<", "<="} & set(bounds) else None


def _floor(requirement: Requirement) -> str:
    """The requirement without its upper bounds."""
    lower = [
        f">={one.version.removesuffix('.*')}"
        for one in requirement.specifier
        if one.operator in ("==", "===", "~=", ">=", ">")
    ]
    return f"{requirement.name}{_extras(requirement)}{','.join(lower)}"


def _extras(requirement: Requirement) -> str:
    return f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""


def _holds(requirement: Requirement, versions: dict[str, str]) -> bool:
    return requirement.specifier.contains(versions[_name(requirement)], prereleases=True)


def _name(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)


def _compile(plan: Plan, lines: Iterable[str], folder: Path, lock: int, *options: str) -> None:
    (folder / ASKED).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / LOCK).unlink(missing_ok=True)  # uv would prefer the versions of an old lock
    call_uv(
        ["pip", "compile", ASKED, "--output-file", LOCK, "--generate-hashes", "--no-header",
         "--no-annotate", "--quiet", "--python", plan.interpreter.path, *plan.requirements.options, *options],
        folder,
        lock,
    )  # fmt: skip
