"""The folder that a run is submitted with: which of its files are kept, and putting them back."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidPathError, SnapshotError
from aml_magics.records.artifact import check_artifact_name
from aml_magics.records.job import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pathspec

    from aml_magics.store.store import Store

MOST_BYTES: Final = 300_000_000
MOST_FILES: Final = 10_000
IGNORE_FILES: Final = (".amlignore", ".gitignore")
"""The first that the folder has says what else is left out, in git's notation."""

_FOLDERS: Final = {
    ".git": "history",
    ".azureml": "configuration of the workspace",
    ".ssh": "may hold keys",
    ".aws": "may hold keys",
    "__pycache__": "",
    ".ipynb_checkpoints": "",
    ".venv": "an environment",
}
_TOP_FOLDERS: Final = {"outputs": "results of a run", "logs": "results of a run"}
_SECRET: Final = re.compile(
    r"(?i)^(\.env(\..+)?|\.netrc|\.pypirc|\.pgpass|id_(rsa|dsa|ecdsa|ed25519)|.+\.(pem|p12|pfx|key|kdbx))$"
)
_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or folder that is not kept, and why; an empty ``why`` is not worth a word."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a folder that are kept; ``id`` is the same for the same contents."""

    id: str
    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def notice(self) -> str:
        """What a user should know of what was left out, or nothing."""
        said = [f"{one.name} ({one.why})" for one in self.left_out if one.why]
        more = f" and {len(said) - 8} more" if len(said) > 8 else ""
        return f"Not part of the snapshot: {', '.join(said[:8])}{more}." if said else ""


def keep(store: Store, folder: Path) -> Source:
    """Keep the files of a folder: each different content once. Links are not followed.

    Raises:
        SnapshotError: there is no such folder, or it holds more than 300 MB or 10,000 files.
    """
    if not folder.is_dir():
        raise SnapshotError(
            f"source_directory {str(folder)!r} is no folder (the current folder is {Path.cwd()})."
        )
    paths, left_out = _selected(folder)
    _check_size(folder, paths)
    files = []
    for name, path, status in paths:
        if _is_private_key(path, status.st_size):
            left_out.append(LeftOut(name, "a private key"))
            continue
        digest, size = _kept(store, path)
        files.append(SourceFile(name, digest, size, stat.S_IMODE(status.st_mode) & 0o755))
    return Source(_id(files), tuple(files), tuple(left_out))


def restore(store: Store, files: Sequence[SourceFile], target: Path) -> None:
    """Put files where they were relative to their folder; the target gets copies that may be changed.

    Raises:
        ArtifactNotFoundError: the bytes of one are gone.
    """
    for one in files:
        path = target / check_artifact_name(one.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with store.blobs.open(one.digest) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy, _PIECE)
        path.chmod(one.mode | stat.S_IRUSR | stat.S_IWUSR)


Selected = tuple[str, Path, os.stat_result]


def _selected(folder: Path) -> tuple[list[Selected], list[LeftOut]]:
    """Ordinary files by name, and what is left out."""
    ignored = _ignored(folder)
    paths: list[Selected] = []
    left_out: list[LeftOut] = []
    for entry, name in _walk(folder, ignored, left_out):
        status = entry.stat(follow_symlinks=False)
        why = _why_not(entry, name, status)
        if why is not None:
            left_out.append(LeftOut(name, why))
        else:
            paths.append((name, Path(entry.path), status))
    return sorted(paths), left_out


def _walk(
    folder: Path, ignored: pathspec.GitIgnoreSpec | None, left_out: list[LeftOut]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Entries that are no folder, with their names relative to the top."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(folder / prefix) as entries:
            for entry in entries:
                name = f"{prefix}{entry.name}"
                is_folder = entry.is_dir(follow_symlinks=False)
                if ignored is not None and ignored.match_file(f"{name}/" if is_folder else name):
                    continue
                if not is_folder:
                    yield entry, name
                    continue
                why = _FOLDERS.get(entry.name, None if prefix else _TOP_FOLDERS.get(entry.name))
                if why is None:
                    waiting.append(f"{name}/")
                else:
                    left_out.append(LeftOut(f"{name}/", why))


def _ignored(folder: Path) -> pathspec.GitIgnoreSpec | None:
    import pathspec

    for name in IGNORE_FILES:
        path = folder / name
        if path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            try:
                return pathspec.GitIgnoreSpec.from_lines(lines)
            except ValueError as error:
                raise SnapshotError(f"{path} has a line that is no pattern: {error}") from error
    return None


def _why_not(entry: os.DirEntry[str], name: str, status: os.stat_result) -> str | None:
    """Why an entry is not kept; None where it is."""
    if entry.is_symlink():
        return "a link"
    if not stat.S_ISREG(status.st_mode):
        return "no ordinary file"
    if _SECRET.match(entry.name):
        return "may hold secrets"
    try:
        check_artifact_name(name)
    except InvalidPathError:
        return "its name cannot be kept on every system"
    return None


def _check_size(folder: Path, paths: Sequence[Selected]) -> None:
    total = sum(status.st_size for _, _, status in paths)
    if len(paths) > MOST_FILES:
        raise SnapshotError(
            f"source_directory {str(folder)!r} has {len(paths):,} files; a snapshot holds {MOST_FILES:,}. "
            "Name what is not needed in a .amlignore file there, or submit a smaller folder."
        )
    if total > MOST_BYTES:
        name, _, status = max(paths, key=lambda one: one[2].st_size)
        raise SnapshotError(
            f"source_directory {str(folder)!r} holds {total / 1e6:,.0f} MB; a snapshot holds {MOST_BYTES / 1e6:,.0f} MB. "
            f"The largest file is {name!r} ({status.st_size / 1e6:,.0f} MB): name what is not needed in a .amlignore file there."
        )


def _is_private_key(path: Path, size: int) -> bool:
    if size > 100_000:
        return False
    with path.open("rb") as file:
        return _PRIVATE_KEY.search(file.read(200)) is not None


def _kept(store: Store, path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if store.blobs.has(digest):
            return digest, file.tell()
        file.seek(0)
        return store.blobs.put(file)


def _id(files: Sequence[SourceFile]) -> str:
    text = "\n".join(f"{one.name}\0{one.digest}\0{one.mode:o}" for one in files)
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]))
