"""Files become a version of a model: those of a run, of this machine, or bytes that are kept already.

No file is ever loaded.
"""

from __future__ import annotations

import glob
import os
import stat
import time
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ArtifactNotFoundError, InvalidPathError, described, did_you_mean
from aml_magics.records.artifact import check_artifact_name
from aml_magics.records.model import ModelDataset, ModelFile, ModelRecord, RegisteredModel
from aml_magics.records.name import MODEL, PROPERTY, TAG, check_folder_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.run.artifact import plain_file
from aml_magics.store.ownership import current_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_MOST_NAMES: Final = 10_000
"""Names of a folder among which a missing one is looked for."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What is said of a model when it is registered; :class:`ModelRecord` describes the fields.

    ``run_id`` is for a run that is not here, or is deleted.
    """

    name: str
    tags: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    framework: str | None = None
    framework_version: str | None = None
    source: str = ""
    run_id: str = ""
    datasets: Sequence[ModelDataset] = ()
    sample_input: str | None = None
    sample_output: str | None = None
    resources: Mapping[str, Any] | None = None


def register_run_files(
    store: Store, run: RunRecord, path: str, wanted: Registration
) -> ModelRecord:
    """Register a file or folder of a run as a model's next version; the files outlive the run.

    Raises:
        InvalidNameError: a name breaks its rule.
        InvalidPathError: the path would leave the run.
        ArtifactNotFoundError: the run has no file there; the message lists its files.
    """
    inside = check_artifact_name(path.rstrip("/"), "model_path")
    hint = " model_path says which; without it the model's name is looked for."
    hint = hint if inside == wanted.name else ""

    def files(connection: sa.Connection) -> tuple[ModelFile, ...]:
        # in one transaction with the new version, so that no other process takes the files away
        return _chosen(run, inside, store.artifacts.of(connection, run.key), hint)

    return _registered(store, _new(wanted, inside, run), files)


def register_local_files(
    store: Store,
    path: str | os.PathLike[str],
    wanted: Registration,
    *,
    children: Sequence[str | os.PathLike[str]] | None = None,
    run: RunRecord | None = None,
) -> ModelRecord:
    """Register files of this machine as a model's next version.

    Args:
        path: a file, a folder, or a pattern with ``*``, ``?``, ``[…]`` and ``**``.
        children: the only files, folders and patterns to take, relative to the folder.
        run: the run that made them.

    Raises:
        InvalidNameError: a name breaks its rule.
        ArtifactNotFoundError: there is no such file, or the folder is empty.
        InvalidPathError: a link leads out of the folder, or something is no regular file.
    """
    new = _new(wanted, "", run)  # a bad name is said before anything is copied
    root, name, paths = _local_files(path, children, new.name)
    files = []
    store.identity.check()  # else a removed workspace's folder would be made again for the bytes
    for one in paths:
        inside = f"{name}/{one.relative_to(root).as_posix()}" if one != root else name
        clean = check_artifact_name(inside, "model_path")
        with one.open("rb") as stream:
            digest, size = store.blobs.put(stream)
        files.append(ModelFile(clean, digest, size))
    kept = tuple(files)
    return _registered(store, replace(new, path=name), lambda _connection: kept)


def register_kept_files(
    store: Store,
    path: str,
    files: Sequence[ModelFile],
    wanted: Registration,
    run: RunRecord | None = None,
) -> ModelRecord:
    """Register bytes that the workspace keeps already, below a path, as a model's next version."""
    kept = tuple(files)
    return _registered(store, _new(wanted, path, run), lambda _connection: kept)


def _new(wanted: Registration, path: str, run: RunRecord | None) -> ModelRecord:
    now = time.time()
    return ModelRecord(
        name=check_folder_name(wanted.name, MODEL),
        version=0,
        path=path,
        created=now,
        updated=now,
        run_id=run.id if run else plain_text(wanted.run_id),
        experiment=run.experiment if run else "",
        author=plain_text(current_user()),
        source=plain_text(wanted.source),
        description=plain_text(wanted.description),
        framework=_text(wanted.framework),
        framework_version=_text(wanted.framework_version),
        tags=plain_fields(wanted.tags, TAG),
        properties=plain_fields(wanted.properties, PROPERTY),
        resources=dict(wanted.resources) if wanted.resources is not None else None,
        sample_input=wanted.sample_input,
        sample_output=wanted.sample_output,
        datasets=tuple(
            ModelDataset(plain_text(one.purpose), one.dataset_id) for one in wanted.datasets
        ),
    )


def _registered(
    store: Store, new: ModelRecord, files: Callable[[sa.Connection], tuple[ModelFile, ...]]
) -> ModelRecord:
    """Take the next number of the name, under a lock of the name."""

    def work(connection: sa.Connection) -> ModelRecord:
        kept = files(connection)
        name = RegisteredModel(new.name, new.created, new.created)
        store.models.register_name(connection, name)
        last = store.models.lock_name(connection, new.name) or 0
        for one in store.models.matching(connection, new.name, last) if last else ():
            if (one.path, one.created) == (new.path, new.created):
                return one  # it was committed, but the database's answer was lost
        made = replace(new, version=last + 1, files=kept)
        return replace(made, key=store.models.add(connection, made))

    return store.catalogue.transact(work, durable=True)


def _chosen(
    run: RunRecord, path: str, files: Sequence[ArtifactRecord], hint: str
) -> tuple[ModelFile, ...]:
    """The file of that name, else all files in that folder."""
    chosen = [one for one in files if one.name == path]
    chosen = chosen or [one for one in files if one.name.startswith(f"{path}/")]
    if not chosen:
        known = [one.name for one in files]
        listed = f" It has: {', '.join(known[:8])}{' …' * (len(known) > 8)}." if known else ""
        nothing = " It has none yet: run.upload_file keeps one." if not known else ""
        raise ArtifactNotFoundError(
            f"Run {run.id} has no file or folder {path!r} to register as a model."
            f"{did_you_mean(path, known)}{listed}{nothing}{hint}"
        )
    return tuple(ModelFile(one.name, one.digest, one.size) for one in chosen)


def _local_files(
    path: str | os.PathLike[str], children: Sequence[str | os.PathLike[str]] | None, model: str
) -> tuple[Path, str, list[Path]]:
    """The root of what is registered, its name in the model, and its files."""
    if not isinstance(path, str | os.PathLike):
        raise InvalidPathError(
            f"model_path is the path of a file or folder, or a pattern, not {described(path)}."
        )
    text = os.fspath(path)
    found = Path(text)
    try:
        is_there = bool(text) and found.exists()
    except (OSError, ValueError):  # a name that is too long, or has NUL
        is_there = False
    if is_there and not found.is_dir():
        if children:
            raise InvalidPathError(
                f"child_paths names files of a folder, and model_path {text!r:.200} is a file; give its folder."
            )
        return plain_file(found), found.name, [found]
    if is_there:
        files = _below(found, children)
        if not files:
            raise ArtifactNotFoundError(
                f"The folder {text!r:.200} has no file to register as a model."
            )
        return found, found.name or found.resolve().name or model, files
    root = _fixed_part(text)
    matched = _matching(root, [str(Path(text).relative_to(root))]) if glob.has_magic(text) else []
    if not matched:
        raise ArtifactNotFoundError(
            f"model_path {text!r:.200} is no file, folder or pattern that matches one (the current folder is {Path.cwd()})."
            f"{_instead(text, model)} A file of a run is registered by run.register_model(name, path)."
        )
    return root, root.name or model, matched


def _instead(path: str, model: str) -> str:
    """What may have been meant by a path that is not there."""
    folder = Path(path).parent
    try:
        if Path(model).exists():
            return f" {model!r:.80} is there: model_path comes before model_name."
        known = [str(folder / one.name) for one in islice(folder.iterdir(), _MOST_NAMES)]
    except (OSError, ValueError):  # no folder, a name that is too long, or has NUL
        return ""
    return did_you_mean(str(Path(path)), known)


def _fixed_part(pattern: str) -> Path:
    """The folder above the first part with a wildcard."""
    root = Path(pattern)
    while glob.has_magic(str(root)):
        root = root.parent
    return root


def _below(root: Path, children: Sequence[str | os.PathLike[str]] | None) -> list[Path]:
    if children is None:
        return sorted(_plain_files(root, root))
    asked = [os.fspath(one) for one in children]
    found: set[Path] = set()
    for one in asked:
        inside = check_artifact_name(
            PurePosixPath(one.rstrip("/") or one).as_posix(), "child_paths"
        )
        matched = _matching(root, [inside])
        if not matched:
            every = islice(root.rglob("*"), _MOST_NAMES)
            known = [each.relative_to(root).as_posix() for each in every]
            raise ArtifactNotFoundError(
                f"The folder {str(root)!r:.200} has no {one!r:.200} of child_paths.{did_you_mean(one, known)}"
            )
        found.update(matched)
    return sorted(found)


def _matching(root: Path, patterns: Sequence[str]) -> list[Path]:
    """The files below a folder that match a pattern; a folder stands for all files in it."""
    found: set[Path] = set()
    for pattern in patterns:
        for name in glob.glob(pattern, root_dir=root, recursive=True):  # noqa: PTH207 -- pathlib takes hidden files, too
            found.update(_plain_files(root / name, root))
    return sorted(found)


def _plain_files(path: Path, root: Path) -> Iterator[Path]:
    """The regular files at or below a path; a link may lead to files below the root, and no further."""
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise InvalidPathError(
            f"{str(path)!r:.200} is a link that leads out of {str(root)!r:.200}; put a copy there (`cp -rL` copies "
            "what links lead to), or register what it leads to."
        )
    if path.is_dir():
        if path.is_symlink():
            return  # what it leads to is below the root, and found there
        for one in sorted(path.iterdir()):
            yield from _plain_files(one, root)
    elif path.is_symlink() and not path.exists():
        raise InvalidPathError(
            f"{str(path)!r:.200} is a link to {str(path.readlink())!r:.200}, which is not there: remove the link, or put "
            "there what it leads to."
        )
    elif stat.S_ISREG(path.stat().st_mode):
        yield path
    else:
        raise InvalidPathError(
            f"{str(path)!r:.200} is no ordinary file and cannot be part of a model."
        )


def _text(value: object) -> str | None:
    return None if value is None else plain_text(value)
