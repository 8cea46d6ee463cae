"""Modules: the code of a step is published once under a name, and used by the steps of any pipeline."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.errors import (
    AlreadyExistsError,
    PipelineDisabledError,
    PipelineError,
    PipelineNotFoundError,
    UsageError,
    did_you_mean,
)
from aml_magics.records.data.data_use import REFERENCE_PLACEHOLDER
from aml_magics.records.name import MODULE, MODULE_VERSION, check_name
from aml_magics.records.pipeline.module import ModuleRecord, ModuleStatus, ModuleVersion
from aml_magics.records.value import plain_text
from aml_magics.services.job.submission import keep_code
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.store.store import Store

_SEMANTIC: Final = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")
T = TypeVar("T")


# -- modules ------------------------------------------------------------------------------------


def create(store: Store, name: str, description: str = "") -> ModuleRecord:
    """Make a module without versions.

    Raises:
        AlreadyExistsError: a module has that name.
        InvalidNameError: the name breaks its rule.
    """
    new = ModuleRecord(
        key=0,
        id=str(uuid.uuid4()),
        name=check_name(name, MODULE),
        description=plain_text(description),
        status=ModuleStatus.ACTIVE,
        default_version=None,
        created=time.time(),
    )

    def work(connection: sa.Connection) -> int:
        key = store.modules.add(connection, new)
        if key is None:
            raise _taken(new.name)
        return key

    return replace(new, key=store.catalogue.transact(work, durable=True))


@retried
def get(store: Store, *, id_: str | None = None, name: str | None = None) -> ModuleRecord:
    """The module of an id, else of a name.

    Raises:
        PipelineNotFoundError: there is none.
        UsageError: neither is given.
    """
    if id_ is None and name is None:
        raise UsageError("A module is found by its id or its name; give one of them.")
    wanted = plain_text(name if id_ is None else id_).strip()
    by_name = wanted if id_ is None else None
    with store.catalogue.read() as connection:
        found = store.modules.get(connection, id_=id_ and wanted, name=by_name)
        if found is not None:
            return found
        known = store.modules.names(connection)
    what = "named" if id_ is None else "with the id"
    raise PipelineNotFoundError(
        f"No module {what} {wanted!r:.80} in workspace {store.record.name!r}.{did_you_mean(wanted, known)} "
        "`%aml modules` lists them; Module.create(workspace, name, description) makes one."
    )


@retried
def modules(store: Store) -> list[ModuleRecord]:
    """The modules with their versions, the newest first."""
    with store.catalogue.read() as connection:
        return store.modules.all(connection)


def rename(store: Store, record: ModuleRecord, name: str) -> ModuleRecord:
    """Give a module another name; what was compiled with it goes on.

    Raises:
        AlreadyExistsError: another module has that name.
        InvalidNameError: the name breaks its rule.
    """
    clean = check_name(name, MODULE)

    def work(connection: sa.Connection, now: ModuleRecord) -> ModuleRecord:
        other = store.modules.get(connection, name=clean)
        if other is not None and other.key != now.key:
            raise _taken(clean)
        store.modules.change(connection, now.key, {"name": clean})
        return replace(now, name=clean)

    return _locked(store, record, work)


def describe(store: Store, record: ModuleRecord, description: str) -> ModuleRecord:
    """Give a module another description."""
    text = plain_text(description)

    def work(connection: sa.Connection, now: ModuleRecord) -> ModuleRecord:
        store.modules.change(connection, now.key, {"description": text})
        return replace(now, description=text)

    return _locked(store, record, work)


def set_status(store: Store, record: ModuleRecord, status: ModuleStatus) -> ModuleRecord:
    """Let steps use a module, with or without a warning, or no more."""

    def work(connection: sa.Connection, now: ModuleRecord) -> ModuleRecord:
        store.modules.change(connection, now.key, {"status": status})
        return replace(now, status=status)

    return _locked(store, record, work)


def set_default(store: Store, record: ModuleRecord, version: str) -> ModuleRecord:
    """Make a version the default.

    Raises:
        PipelineNotFoundError: the module has no such version.
        PipelineDisabledError: the version is disabled.
    """

    def work(connection: sa.Connection, now: ModuleRecord) -> ModuleRecord:
        _check_enabled(now, version_of(now, version))
        store.modules.change(connection, now.key, {"default_version": version})
        return replace(now, default_version=version)

    return _locked(store, record, work)


# -- versions -----------------------------------------------------------------------------------


def publish(
    store: Store,
    record: ModuleRecord,
    folder: Path,
    script: str,
    *,
    version: str | None = None,
    is_default: bool = False,
    **interface: Any,  # noqa: ANN401 -- fields of a version
) -> tuple[ModuleRecord, ModuleVersion]:
    """Keep a folder as a version of a module, for good; returns the module with it, and the version.

    Args:
        script: a path below the folder.
        version: the next whole number if None.
        interface: further fields of :class:`ModuleVersion`.

    Raises:
        AlreadyExistsError: the module has that version.
        InvalidNameError: the version breaks its rule.
        PipelineDisabledError: the module is disabled.
        PipelineError: two ports have one name, or a word of the arguments names none.
        SubmissionError: no such script, or a folder that cannot be kept.
    """
    text = None if version is None else check_name(version, MODULE_VERSION)
    now = get(store, id_=record.id)  # what can be refused is refused before a folder is kept
    _check_new(now, text)
    kept, parts = keep_code(store, folder, script)
    new = ModuleVersion(
        id=str(uuid.uuid4()),
        version=text or "",
        created=time.time(),
        script=script,
        source_id=kept.id,
        files=kept.files,
        parts=parts,
        **interface,
    )
    _check_interface(new)

    def work(connection: sa.Connection, now: ModuleRecord) -> tuple[ModuleRecord, ModuleVersion]:
        there = next((one for one in now.versions.values() if one.id == new.id), None)
        if there is not None:  # an earlier try was committed although it failed
            return now, there
        _check_new(now, text)
        made = replace(new, version=text or _next_number(now))
        store.template_files.hold(connection, made.id, {one.digest for one in made.files})
        store.modules.add_version(connection, now.key, made)
        if is_default:
            store.modules.change(connection, now.key, {"default_version": made.version})
        default = made.version if is_default else now.default_version
        versions = {**now.versions, made.version: made}
        return replace(now, versions=versions, default_version=default), made

    return _locked(store, record, work)


def edit_version(
    store: Store,
    record: ModuleRecord,
    version: str,
    *,
    status: ModuleStatus | None = None,
    description: str | None = None,
) -> ModuleRecord:
    """Change the status or the description of a version; its code and its interface never change.

    Raises:
        PipelineNotFoundError: the module has no such version.
    """

    def work(connection: sa.Connection, now: ModuleRecord) -> ModuleRecord:
        there = version_of(now, version)
        changed = replace(
            there,
            status=there.status if status is None else status,
            description=there.description if description is None else plain_text(description),
        )
        store.modules.change_version(connection, now.key, changed)
        return replace(now, versions={**now.versions, version: changed})

    return _locked(store, record, work)


def resolved(record: ModuleRecord, version: str | None = None) -> ModuleVersion:
    """The version that a step uses.

    Args:
        version: if None the default, else the highest number if all versions are such as ``1`` or ``1.2.3``, else the
            one that was published last; disabled ones do not count.

    Raises:
        PipelineNotFoundError: the module has no such version, or none at all.
        PipelineDisabledError: the module or the version is disabled.
    """
    if record.status is ModuleStatus.DISABLED:
        raise PipelineDisabledError(
            f"Module {record.name!r:.80} is Disabled and is used by no new step; enable() of the module lets it be used."
        )
    chosen = record.default_version if version is None else version
    if chosen is not None:
        found = version_of(record, chosen)
        _check_enabled(record, found)
        return found
    usable = [one for one in record.versions.values() if one.status is not ModuleStatus.DISABLED]
    if not usable:
        why = "all of its versions are disabled" if record.versions else "it has no version"
        raise PipelineNotFoundError(
            f"Module {record.name!r:.80} cannot be used: {why}; publish_python_script(...) of it makes one."
        )
    numbers = [_SEMANTIC.fullmatch(one.version) for one in usable]
    if None in numbers:
        return usable[-1]
    by_number = {
        tuple(int(part or 0) for part in number.groups()): one
        for number, one in zip(numbers, usable, strict=True)
        if number is not None
    }
    return by_number[max(by_number)]


def version_of(record: ModuleRecord, version: str) -> ModuleVersion:
    """A version of a module, whatever its status; raises PipelineNotFoundError."""
    if version in record.versions:
        return record.versions[version]
    known = ", ".join(list(record.versions)[-8:]) or "none"
    raise PipelineNotFoundError(
        f"Module {record.name!r:.80} has no version {version!r:.40}.{did_you_mean(str(version), record.versions)} "
        f"It has: {known}."
    )


# -- rules --------------------------------------------------------------------------------------


def _locked(
    store: Store, record: ModuleRecord, work: Callable[[sa.Connection, ModuleRecord], T]
) -> T:
    """Do something with a module as it is now, and let no other transaction change it meanwhile."""

    def locked(connection: sa.Connection) -> T:
        now = store.modules.get(connection, id_=record.id, locked=True)
        if now is None:
            raise PipelineNotFoundError(f"Module {record.name!r:.80} is not there any more.")
        return work(connection, now)

    return store.catalogue.transact(locked, durable=True)


def _check_enabled(record: ModuleRecord, version: ModuleVersion) -> None:
    if version.status is ModuleStatus.DISABLED:
        raise PipelineDisabledError(
            f"Version {version.version!r:.40} of module {record.name!r:.80} is Disabled and is used by no new step; use another "
            "one, or enable() it."
        )


def _check_new(record: ModuleRecord, version: str | None) -> None:
    if record.status is ModuleStatus.DISABLED:
        raise PipelineDisabledError(
            f"Module {record.name!r:.80} is Disabled and gets no version; enable() it first."
        )
    if version is not None and version in record.versions:
        raise AlreadyExistsError(
            f"A version of a module is published once and never changes, and module {record.name!r:.80} has version "
            f"{version!r:.40}; publish under another, such as {_next_number(record)!r}, or leave version out."
        )


def _check_interface(version: ModuleVersion) -> None:
    """Refuse two ports of one name, which one environment could not tell apart, and data that is no port's."""
    names = [one.name for one in (*version.inputs, *version.outputs)]
    for name in names:
        if names.count(name) > 1:
            raise PipelineError(
                f"The ports of a module have names of their own, and {names.count(name)} are named {name!r:.60}; rename one."
            )
    for word in version.arguments:
        name = word.removeprefix(REFERENCE_PLACEHOLDER)
        if name != word and name not in names:
            raise PipelineError(
                f"The arguments of a module have its ports in place of data, and there is no port {name!r:.60}."
                f"{did_you_mean(name, names)} It has: {', '.join(names) or 'none'}."
            )


def _next_number(record: ModuleRecord) -> str:
    numbers = [int(one) for one in record.versions if re.fullmatch(r"\d{1,9}", one)]
    return str(1 + max(numbers, default=0))


def _taken(name: str) -> AlreadyExistsError:
    return AlreadyExistsError(
        f"The name of a module is unique in its workspace, and there is a module {name!r:.80}; get it by "
        "Module.get(workspace, name=...) and publish a version of it, or choose another name."
    )
