"""A submitted run's source folder: selects its files, stores and restores them."""

from __future__ import annotations

import collections
import errno
import hashlib
import os
import re
import stat
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import AmlError, InvalidPathError, SnapshotError
from aml_magics.records.artifact import check_artifact_name
from aml_magics.records.job import SourceFile
from aml_magics.records.value import plain_text
from aml_magics.services.data.store.file_pattern import FilePatterns
from aml_magics.store.home import home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aml_magics.store.store import Store

MOST_BYTES: Final = 300_000_000
MOST_FILES: Final = 10_000
IGNORE_FILES: Final = (".amlignore", ".gitignore")
"""The first of these that exists lists further exclusions, in git's notation."""

_FOLDERS: Final = {
    ".git": "history",
    ".azureml": "configuration of the workspace",
    ".ssh": "may hold keys",
    ".aws": "may hold keys",
    ".azure": "may hold keys",
    ".gnupg": "may hold keys",
    ".kube": "may hold keys",
    "__pycache__": "",
    ".ipynb_checkpoints": "",
    ".venv": "an environment",
}
_TOP_FOLDERS: Final = {"outputs": "results of a run", "logs": "results of a run"}
_SECRET: Final = re.compile(
    r"""(?:.*/)?(?:
      \.env(?:rc|\..+)? | .+\.env
    | [._]netrc | \.(?:pypirc|pgpass|npmrc|git-credentials|boto|s3cfg|htpasswd|dockercfg|databrickscfg|vault-token)
    | \.docker/config\.json | kubeconfig | kaggle\.json
    | (?:.+[-_.])?(?:credentials?|service[-_]?accounts?|secrets?)(?:[-_.].+)?\.(?:json|ya?ml|toml|ini|cfg|conf|txt|csv)
    | credentials
    | (?: id_(?:rsa|dsa|ecdsa|ed25519) | .+\.(?:pem|p12|pfx|key|kdbx|ppk|jks|keytab) ) (?:[-._](?!pub$).* | ~)?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]{0,40}PRIVATE KEY( BLOCK)?-----")
_LONGEST_MARK: Final = 100
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An excluded file or folder and the reason; an empty ``why`` is not reported."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """A folder's stored files; ``id`` depends only on their contents."""

    id: str
    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def notice(self) -> str:
        """A notice to the user about excluded files, or empty."""
        said = [f"{_shown(one.name)} ({one.why})" for one in self.left_out if one.why]
        more = f" and {len(said) - 8} more" if len(said) > 8 else ""
        return plain_text(f"Not part of the snapshot: {', '.join(said[:8])}{more}.") if said else ""


NO_SOURCE: Final = Source(str(uuid.UUID(bytes=hashlib.sha256(b"").digest()[:16])), (), ())
"""Of a run without a folder."""


def _shown(name: str) -> str:
    return name if name.isprintable() else repr(name)


def keep_folder(store: Store, folder: Path) -> Source:
    """Store a folder's files, each distinct content once. Links are not followed.

    Raises:
        SnapshotError: the folder does not exist or cannot be read, or holds more than 300 MB or
            10,000 files.
    """
    if not folder.is_dir():
        raise SnapshotError(
            f"source_directory {str(folder)!r} is no folder (the current folder is {Path.cwd()})."
        )
    paths, left_out = _selected(folder)
    _check_size(folder, paths)
    files = []
    for name, path, status in paths:
        try:
            with _opened(path) as file:
                found = _digest(file)
                if found is None:
                    left_out.append(LeftOut(name, "a private key"))
                    continue
                digest, size = _kept(store, file, *found)
        except OSError as error:  # removed meanwhile, now a pipe, or unreadable
            left_out.append(LeftOut(name, error.strerror or str(error)))
            continue
        files.append(SourceFile(name, digest, size, stat.S_IMODE(status.st_mode) & 0o755))
    return Source(_id(files), tuple(files), tuple(left_out))


def restore(store: Store, files: Sequence[SourceFile], target: Path) -> None:
    """Copy stored files into a target folder; the copies may be changed.

    Raises:
        ArtifactNotFoundError: a file's bytes are gone.
        StoreCorruptError: a file's bytes have changed; they are not restored.
    """
    for one in files:
        path = target / check_artifact_name(one.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("wb") as copy:
                store.blobs.copy(one.digest, copy, f"File {one.name!r} of the snapshot")
        except AmlError:
            path.unlink()  # a partial or changed file must not be run
            raise
        path.chmod(one.mode | stat.S_IRUSR | stat.S_IWUSR)


Selected = tuple[str, Path, os.stat_result]


def _selected(folder: Path) -> tuple[list[Selected], list[LeftOut]]:
    """Regular files by name, and what is excluded."""
    ignored = _ignored(folder)
    paths: list[Selected] = []
    left_out: list[LeftOut] = []
    for entry, name in _walk(folder, ignored, left_out):
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            left_out.append(LeftOut(name, error.strerror or str(error)))
            continue
        why = _why_not(entry, name, status)
        if why is not None:
            left_out.append(LeftOut(name, why))
        else:
            paths.append((name, Path(entry.path), status))
            if len(paths) > MOST_FILES:  # a home folder may have millions
                raise _too_many(folder, [one for one, _, _ in paths])
    return sorted(paths), left_out


def _walk(
    folder: Path, ignored: FilePatterns | None, left_out: list[LeftOut]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """All entries except folders, with their relative names."""
    own = _place_of(home())
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        for entry in _entries(folder, prefix, left_out):
            name = f"{prefix}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if ignored is not None and ignored.match(f"{name}/" if is_folder else name):
                continue
            if not is_folder:
                yield entry, name
                continue
            why = _FOLDERS.get(entry.name, None if prefix else _TOP_FOLDERS.get(entry.name))
            if why is None and _place_of(Path(entry.path)) == own:
                why = "the workspaces themselves"
            if why is None:
                waiting.append(f"{name}/")
            else:
                left_out.append(LeftOut(f"{name}/", why))


def _entries(folder: Path, prefix: str, left_out: list[LeftOut]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / prefix) as entries:
            return list(entries)
    except OSError as error:
        if not prefix:
            raise SnapshotError(
                f"source_directory {str(folder)!r} cannot be read: {error.strerror}. Check its permissions."
            ) from error
        left_out.append(LeftOut(prefix, error.strerror or str(error)))
        return []


def _place_of(path: Path) -> tuple[int, int] | None:
    """A folder's identity (device and inode); None if it does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _ignored(folder: Path) -> FilePatterns | None:
    for name in IGNORE_FILES:
        path = folder / name
        if path.is_file():
            lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
            try:
                return FilePatterns(lines)
            except ValueError as error:
                raise SnapshotError(f"{path} has a line that is no pattern: {error}") from error
    return None


def _why_not(entry: os.DirEntry[str], name: str, status: os.stat_result) -> str | None:
    """Why an entry is excluded; None if it is kept."""
    if entry.is_symlink():
        return "a link"
    if not stat.S_ISREG(status.st_mode):
        return "no ordinary file"
    if _SECRET.fullmatch(name):
        return "may hold secrets"
    try:
        check_artifact_name(name)
        name.encode()  # undecodable bytes come as lone surrogates
    except (InvalidPathError, UnicodeEncodeError):
        return "its name cannot be kept on every system"
    return None


def _too_many(folder: Path, names: Sequence[str]) -> SnapshotError:
    tops = collections.Counter(name.partition("/")[0] for name in names if "/" in name)
    place, count = max(tops.items(), key=lambda one: one[1], default=("", 0))
    most = f" {place + '/'!r} alone has {count:,} of them." if count > MOST_FILES / 4 else ""
    return SnapshotError(
        f"source_directory {str(folder)!r} has more than {MOST_FILES:,} files, which is what a snapshot holds.{most} "
        "Name what is not needed in a .amlignore file there, or submit a smaller folder."
    )


def _check_size(folder: Path, paths: Sequence[Selected]) -> None:
    total = sum(status.st_size for _, _, status in paths)
    if total > MOST_BYTES:
        name, _, status = max(paths, key=lambda one: one[2].st_size)
        raise SnapshotError(
            f"source_directory {str(folder)!r} holds {total / 1e6:,.0f} MB; a snapshot holds {MOST_BYTES / 1e6:,.0f} MB. "
            f"The largest file is {name!r} ({status.st_size / 1e6:,.0f} MB): name what is not needed in a .amlignore file there."
        )


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file without blocking, if it still is one."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no ordinary file")
        yield file


def _digest(file: IO[bytes]) -> tuple[str, int] | None:
    """A file's digest and size; None if it contains a private key anywhere."""
    digest, size, before = hashlib.sha256(), 0, b""
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        seen = before + piece
        if b"PRIVATE KEY" in seen and _PRIVATE_KEY.search(seen):
            return None
        before = piece[-_LONGEST_MARK:]
    return digest.hexdigest(), size


def _kept(store: Store, file: IO[bytes], digest: str, size: int) -> tuple[str, int]:
    if store.blobs.holds(digest, file):
        return digest, size
    file.seek(0)
    return store.blobs.put(file)


def _id(files: Sequence[SourceFile]) -> str:
    text = "\n".join(f"{one.name}\0{one.digest}\0{one.mode:o}" for one in files)
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]))
