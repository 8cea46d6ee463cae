"""Builds environments; definitions with the same content share one build.

A build is a folder named by the digest of its content. It is made in place, since an environment
holds its own path, under a lock. The file ``READY`` is written last: a folder without it is left from a killed
build and is removed before the next. Files are hard links into uv's cache where the file system allows it.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from aml_magics.errors import (
    EnvironmentBuildError,
    EnvironmentNotFoundError,
    StoreReadOnlyError,
)
from aml_magics.records.environment import BuiltEnvironment
from aml_magics.services.environment import conda as environment_conda
from aml_magics.services.environment import own_package
from aml_magics.services.environment.lock import building, environments, is_locked, removing
from aml_magics.services.environment.plan import Plan, plan
from aml_magics.services.environment.resolution import LOCK, locked, resolve
from aml_magics.services.environment.uv import UvError, call_uv, no_room
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Say = Callable[[str], object]

READY: Final = "READY"
DAY: Final = 86_400.0
_DIGEST_LENGTH: Final = 32


class _Ready(msgspec.Struct):
    """The content of ``READY``; earlier versions wrote fewer fields."""

    python: str
    python_version: str
    packages: dict[str, str]
    size: int
    name: str = ""
    resolution: tuple[str, ...] = ()
    built: float = 0.0


@dataclass(frozen=True, slots=True)
class Build:
    """A built environment's folder: ``state`` is Ready, Building or Unfinished.

    ``used`` is its last use, seconds since the epoch. ``name`` is that of the environment it was first built for.
    """

    digest: str
    state: str
    name: str = ""
    python_version: str = ""
    packages: int = 0
    size: int = 0
    built: float = 0.0
    used: float = 0.0


def find_built(
    definition: Mapping[str, Any] | None, *, allow: Iterable[str] = ()
) -> BuiltEnvironment | None:
    """The ready environment for a definition, without building; raises as :func:`build` for a bad definition."""
    planned = plan(definition, allow)
    return planned if isinstance(planned, BuiltEnvironment) else _ready(planned)


def build(
    definition: Mapping[str, Any] | None,
    say: Say | None = None,
    *,
    allow: Iterable[str] = (),
) -> BuiltEnvironment:
    """Build a definition's environment, or return the ready one: its interpreter, and notes for the user.

    Args:
        definition: as Azure writes it; None for the Python that runs this.
        say: called with a line about each step of a build.
        allow: kinds of requirement lines to allow: index, path, url.

    Raises:
        InvalidEnvironmentError: the definition is malformed.
        InvalidRequirementError: a requirement is invalid, or not allowed.
        EnvironmentBuildError: the build failed; the message has the resolver's reason.
        StoreFullError: the disk is full. No partial build is left in either case.
    """
    planned = plan(definition, allow)
    if isinstance(planned, BuiltEnvironment):
        return planned
    found = _ready(planned)
    if found is None:
        report = say or (lambda _line: None)

        def wait() -> None:
            report("Another process builds this environment; waiting for it.")

        with building(planned.digest, wait) as lock:
            found = _ready(planned) or _build_alone(planned, report, lock)
    with suppress(OSError):
        os.utime(environments() / planned.digest / READY)
    return found


def builds() -> list[Build]:
    """All builds of this user, finished or not, last used first."""
    folder = environments()
    if not folder.is_dir():
        return []
    found: list[Build] = []
    for one in folder.iterdir():
        with suppress(FileNotFoundError):  # removed meanwhile
            found += [_described(one)] if _is_build(one) else []
    return sorted(found, key=lambda one: (-one.used, one.digest))


def remove(digest: str) -> Build:
    """Remove a build.

    Args:
        digest: a unique prefix is enough.

    Raises:
        EnvironmentNotFoundError: no build, or several, have that prefix.
        EnvironmentInUseError: a process builds or uses it.
    """
    known = builds()
    found = [one for one in known if digest and one.digest.startswith(digest)]
    if len(found) != 1:
        which = "Several built environments begin" if found else "No built environment begins"
        raise EnvironmentNotFoundError(
            f"{which} with {digest!r:.60}; `%aml environments` lists them with their digests."
        )
    with removing(found[0].digest):
        _sweep(environments() / found[0].digest)
    return found[0]


def prune(days: float = 30) -> list[Build]:
    """Remove unfinished builds and those unused for ``days``, except builds in use."""
    oldest = time.time() - days * DAY
    return [
        remove(one.digest)
        for one in builds()
        if (one.state == "Unfinished" or one.used < oldest) and not is_locked(one.digest)
    ]


def _ready(planned: Plan) -> BuiltEnvironment | None:
    folder = environments() / planned.digest
    kept = _read(folder)
    if kept is None:
        return None
    return BuiltEnvironment(
        python=kept.python,
        python_version=kept.python_version,
        digest=planned.digest,
        folder=str(folder),
        packages=kept.packages,
        # the definition may differ in form from the built one; notes on pins that gave way come from the build
        notes=planned.notes + kept.resolution,
        size=kept.size,
    )


def _read(folder: Path) -> _Ready | None:
    """The content of READY; None if it is missing or damaged, or the interpreter is gone."""
    try:
        kept = msgspec.json.decode((folder / READY).read_bytes(), type=_Ready)
    except (OSError, ValueError):
        return None
    # the environment's link dangles if its base Python was removed
    return kept if os.access(kept.python, os.X_OK) else None


def _build_alone(planned: Plan, say: Say, lock: int) -> BuiltEnvironment:
    folder = environments() / planned.digest
    try:
        _sweep(folder)
        make_private(folder)
        return _make(planned, folder, say, lock)
    except UvError as error:
        raise EnvironmentBuildError(
            f"The environment {planned.name!r:.80} cannot be built for Python {planned.interpreter.version}: "
            f"{error.reason}{_ours_in(error.reason)}"
        ) from None
    except OSError as error:
        raise _explained(folder, error) from error
    finally:
        if not (folder / READY).exists():  # it failed, or was interrupted
            _sweep(folder)


def _ours_in(reason: str) -> str:
    """Requirements in the resolver's reason that are aml_magics' own, not the user's."""
    ours = [one for one in own_package.own_requirements() if one in reason]
    return f" aml_magics itself needs {', '.join(ours)} to log from a script." if ours else ""


def _make(planned: Plan, folder: Path, say: Say, lock: int) -> BuiltEnvironment:
    start = time.monotonic()
    target = folder / "venv"
    name = f"environment {planned.name!r:.80}" if planned.name else "environment"
    gave_way: tuple[str, ...] = ()
    if planned.conda:
        say(f"Building {name} with {os.path.basename(planned.conda)}.")  # noqa: PTH119 -- a word
        _by_conda(planned, folder, target, lock)
    else:
        say(f"Building {name}: {len(planned.requirements.lines)} requirements.")
        gave_way = resolve(planned, folder, lock)
        say(f"Installing {len(locked(folder))} packages.")
        _by_uv(planned, folder, target, lock)
    own_package.put_into(_site_packages(target))
    built = BuiltEnvironment(
        python=str(target / "bin" / "python"),
        python_version=planned.interpreter.version,
        digest=planned.digest,
        folder=str(folder),
        packages=locked(folder) if (folder / LOCK).exists() else {},
        notes=gave_way,
        size=_size(folder),
    )
    ready = _Ready(
        built.python,
        built.python_version,
        built.packages,
        built.size,
        planned.name,
        gave_way,
        time.time(),
    )
    write_whole(folder / READY, msgspec.json.encode(ready))
    say(f"Built {name} in {time.monotonic() - start:.1f} s.")
    return replace(built, notes=planned.notes + gave_way)


def _by_uv(planned: Plan, folder: Path, target: Path, lock: int) -> None:
    python = ["--python", planned.interpreter.path]
    call_uv(["venv", "--quiet", "--no-project", *python, str(target)], folder, lock)
    into = ["--python", str(target / "bin" / "python"), "--require-hashes"]
    call_uv(["pip", "sync", "--quiet", *into, *planned.requirements.options, LOCK], folder, lock)


def _by_conda(planned: Plan, folder: Path, target: Path, lock: int) -> None:
    environment_conda.create(planned.conda, planned.dependencies or {}, folder, target)
    into = ["--python", str(target / "bin" / "python"), "--break-system-packages"]
    own = own_package.own_requirements()
    call_uv(["pip", "install", "--quiet", *into, *own], folder, lock)


def _site_packages(target: Path) -> Path:
    found = next(iter(sorted(target.glob("lib/python3*/site-packages"))), None)
    if found is None:
        raise EnvironmentBuildError(
            f"The environment in {target} has no site-packages; remove it and build it again."
        )
    return found


def _size(folder: Path) -> int:
    return sum(Path(at, name).lstat().st_size for at, _, names in os.walk(folder) for name in names)


def _sweep(folder: Path) -> None:
    """Remove a build; its marker first, so that a kill in between leaves no partial build marked ready."""
    (folder / READY).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _is_build(folder: Path) -> bool:
    return folder.is_dir() and len(folder.name) == _DIGEST_LENGTH and not folder.is_symlink()


def _described(folder: Path) -> Build:
    kept = _read(folder)
    if kept is None:
        state = "Building" if is_locked(folder.name) else "Unfinished"
        return Build(folder.name, state, used=folder.stat().st_mtime)
    return Build(
        digest=folder.name,
        state="Ready",
        name=kept.name,
        python_version=kept.python_version,
        packages=len(kept.packages),
        size=kept.size,
        built=kept.built,
        used=(folder / READY).stat().st_mtime,
    )


def _explained(folder: Path, error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_room(folder)
    return StoreReadOnlyError(
        f"The environment cannot be written in {folder.parent} ({error.strerror}). Make it writable, or set "
        "AML_MAGICS_HOME to a folder that is."
    )
