"""One environment, and all environments of a workspace with their builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError
from aml_magics.records.secret import mask
from aml_magics.services.environment.build import builds
from aml_magics.services.environment.plan import Plan, plan
from aml_magics.services.environment.registry import list_environments
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.environment import EnvironmentRecord
    from aml_magics.services.environment.build import Build
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """One definition: its packages as written, and remarks."""

    name: str
    version: str
    python: str
    packages: tuple[str, ...]
    is_user_managed: bool
    uses_docker: bool


@dataclass(frozen=True, slots=True)
class EnvironmentRowView:
    """A registered environment with its build, or an unregistered build.

    ``state`` is Ready, Building, Unfinished, Not built, or As it is for an interpreter that the user
    manages; ``problem`` says why a definition cannot be built. A build without a version belongs to an
    environment not registered in this workspace. ``size`` is in bytes, None if nothing is built.
    """

    name: str
    version: str
    state: str
    python: str
    packages: int | None
    size: int | None
    digest: str
    used: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentsView:
    """The environments of a workspace, then other builds; ``size`` is the total of all builds in bytes."""

    workspace: str
    rows: tuple[EnvironmentRowView, ...]
    size: int


def environment_view(definition: Mapping[str, Any]) -> EnvironmentView:
    """The view of one environment definition."""
    python = definition.get("python") or {}
    dependencies = (python.get("condaDependencies") or {}).get("dependencies") or []
    packages = [mask(line, {}) for line in _lines(dependencies)]
    return EnvironmentView(
        name=str(definition.get("name") or ""),
        version=str(definition.get("version") or ""),
        python=next((one for one in packages if one.startswith("python")), "python"),
        packages=tuple(one for one in packages if not one.startswith("python=")),
        is_user_managed=bool(python.get("userManagedDependencies")),
        uses_docker=bool((definition.get("docker") or {}).get("enabled")),
    )


def environments_view(store: Store) -> EnvironmentsView:
    """The registered environments by name, and the builds on this machine."""
    found = builds()
    by_digest = {one.digest: one for one in found}
    rows = [_registered(record, by_digest) for record in list_environments(store)]
    shown = {row.digest for row in rows}
    rows += [_built(one) for one in found if one.digest not in shown]
    return EnvironmentsView(store.record.name, tuple(rows), sum(one.size for one in found))


def _lines(dependencies: list[Any]) -> list[str]:
    found: list[str] = []
    for entry in dependencies:
        found += [entry] if isinstance(entry, str) else entry.get("pip") or ()
    return found


def _registered(record: EnvironmentRecord, found: Mapping[str, Build]) -> EnvironmentRowView:
    try:
        planned = plan(record.definition)
    except AmlError as error:
        return _row(record, "Not built", problem=str(error))
    if not isinstance(planned, Plan):
        return _row(record, "As it is", python=planned.python_version)
    build = found.get(planned.digest)
    if build is None:
        return _row(record, "Not built", python=planned.interpreter.version, digest=planned.digest)
    built = _built(build)
    return EnvironmentRowView(
        record.name, str(record.version), built.state, built.python, built.packages, built.size,
        built.digest, built.used,
    )  # fmt: skip


def _row(
    record: EnvironmentRecord, state: str, *, python: str = "", digest: str = "", problem: str = ""
) -> EnvironmentRowView:
    return EnvironmentRowView(
        record.name, str(record.version), state, python, None, None, digest, None, problem
    )


def _built(build: Build) -> EnvironmentRowView:
    is_ready = build.state == "Ready"
    return EnvironmentRowView(
        name=build.name,
        version="",
        state=build.state,
        python=build.python_version,
        packages=build.packages if is_ready else None,
        size=build.size if is_ready else None,
        digest=build.digest,
        used=iso(build.used),
    )
