"""Checks who owns the files and folders of a workspace, and who else can change them."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import stat
import warnings
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreUnavailableError
from aml_magics.warnings import OpenFolderWarning

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def problem(status: os.stat_result) -> str:
    """The reason why others could change a file; empty if only this user can.

    As with git, a user who works as root by ``sudo`` owns their own files, and files of root are trusted.
    """
    if not _is_mine(status):
        return f"belongs to {_user(status.st_uid)}, and you are {_user(os.geteuid())}"
    if status.st_mode & stat.S_IWOTH:
        return "may be changed by every user of this machine"
    if status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_gid):
        return f"may be changed by the group {_group(status.st_gid)}"
    return ""


def check_home(folder: Path) -> None:
    """Refuse a workspaces folder of another user; warn if others can change it.

    Raises:
        StoreUnavailableError: it belongs to another user.
    """
    status = _status(folder)
    if status is None:
        return
    said = problem(status)
    if not _is_mine(status):
        _refuse(folder, said)
    elif said and not status.st_mode & stat.S_ISVTX:
        _warn(f"{folder}, which holds your workspaces, {said}: `chmod go-w {folder}`.")


def check_workspace(folder: Path) -> None:
    """Refuse a workspace of another user; remove access of others, with a warning.

    Raises:
        StoreUnavailableError: it belongs to another user.
    """
    for path in (folder.parent, folder):
        status = _status(path)
        if status is None:
            continue
        if not _is_mine(status):
            _refuse(path, problem(status))
        elif status.st_mode & _OTHERS:
            _close(path, stat.S_IMODE(status.st_mode))


def make_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, or restrict an existing one."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        status = path.stat()
        if status.st_mode & _OTHERS and _is_mine(status):
            path.chmod(0o600)
    except OSError:
        return  # the next write reports the error


def current_user() -> str:
    """The name of the user of this process; empty in a container that gives its user none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _refuse(folder: Path, said: str) -> None:
    if os.geteuid() == 0:  # in a container, root often works in folders of the host
        _warn(f"{folder} {said}. Its owner can change your runs: `chown -R root {folder}`.")
        return
    raise StoreUnavailableError(
        f"{folder} {said}. Workspaces are kept in folders of one's own: set AML_MAGICS_HOME to another. "
        "A team shares a catalogue in PostgreSQL and artifacts: `aml-magics workspace --help`."
    )


def _close(folder: Path, mode: int) -> None:
    try:
        folder.chmod(0o700)
    except OSError as error:
        done = f"and it cannot be closed to them: {error.strerror}"
    else:
        done = "and is closed to them now (0700)"
    _warn(
        f"{folder} was open to others ({mode:04o}), {done}. "
        "A team shares a catalogue in PostgreSQL and artifacts: `aml-magics workspace --help`."
    )


def _warn(message: str) -> None:
    warnings.warn(message, OpenFolderWarning, stacklevel=4)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # missing, or the next open reports the error
        return None


def _is_mine(status: os.stat_result) -> bool:
    me = os.geteuid()
    return status.st_uid == me or (me == 0 and os.environ.get("SUDO_UID") == str(status.st_uid))


def _is_own_group(gid: int) -> bool:
    """Whether the group has this user alone; many systems create one group per user."""
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(gid)
    except KeyError:
        return False
    is_primary = gid == user.pw_gid and group.gr_name == user.pw_name
    return is_primary and set(group.gr_mem) <= {user.pw_name}


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
