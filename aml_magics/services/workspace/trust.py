"""Decides which configuration files and addresses this user trusts.

A ``config.json`` comes with a folder: with a clone, an archive, or from anyone who can write to a parent. It
directs the user's data to its addresses, and runs that wait at one of them are executed. So it
counts only if this user alone can change it, and a new address must be confirmed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import StoreError, UntrustedError
from aml_magics.records.secret import without_url_password
from aml_magics.store import ownership
from aml_magics.store.catalogue.catalogue import without_password
from aml_magics.store.files.secret_file import SecretFile
from aml_magics.store.home import home, make_private, read_description, workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE: Final = "trusted.json"
MOST_BYTES: Final = 1_000_000
COMMAND: Final = "aml-magics workspace trust"


def read_own(path: Path) -> bytes:
    """Read a configuration that this user alone can change, or that was trusted as it is.

    Raises:
        UntrustedError: it belongs to another user, or others may write it.
        OSError: it cannot be read.
    """
    data, status = _read(path)
    problem = ownership.problem(status)
    if problem and _trusted().get(_file_key(path)) != _digest(data):
        raise UntrustedError(
            f"{path} {problem}: it is not obeyed{_named_in(data)}. Make it yours alone (chown, chmod go-w); or, if you have read it "
            f"and trust it as it is, `{COMMAND} {path}`."
        )
    return data


def check_addresses(path: Path, config: Mapping[str, Any]) -> None:
    """Refuse a configuration's addresses that this user has neither used nor trusted.

    Raises:
        UntrustedError: there is one; the message names all, without their passwords.
        StoreError: the catalogue is not an address.
    """
    wanted = _addresses(config)
    known = _trusted()
    new = [shown for shown in wanted.values() if _address_key(shown) not in known]
    if new and not set(new) <= set(_used()):
        raise UntrustedError(
            f"{path} keeps workspace {config['workspace_name']!r} where you have not kept one before ({_named(wanted)}). "
            f"If you trust that, `{COMMAND} {path}`."
        )


def trust(path: Path, config: Mapping[str, Any]) -> list[str]:
    """Trust a configuration's current content, and its addresses everywhere; return these."""
    data, status = _read(path)
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    shown = list(_addresses(config).values())
    more = {_address_key(address): now for address in shown}
    if ownership.problem(status):
        more[_file_key(path)] = _digest(data)
    make_private(home())
    file = _file()
    with file.locked():
        file.write({**file.read(), **more})
    return [_printable(address) for address in shown]


def absolute_artifacts(address: str) -> str:
    """An artifact address that is independent of the working directory."""
    return str(Path(address).absolute()) if address and "://" not in address else address


def absolute_catalogue(address: str) -> str:
    """A catalogue address that is independent of the working directory."""
    scheme, found, path = address.partition(":///")
    is_relative = scheme.startswith("sqlite") and found and path[:1] not in ("", "/")
    return f"{scheme}:///{Path(path).absolute()}" if is_relative else address


def read(path: Path) -> bytes:
    """Read any user's configuration."""
    return _read(path)[0]


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)[:MOST_BYTES], os.fstat(file.fileno())


def _addresses(config: Mapping[str, Any]) -> dict[str, str]:
    """A configuration's addresses, without passwords."""
    catalogue, artifacts = (str(config.get(one) or "") for one in ("catalogue", "artifacts"))
    found = {
        "catalogue": _shown_catalogue(catalogue),
        "artifacts": without_url_password(absolute_artifacts(artifacts)),
    }
    return {what: shown for what, shown in found.items() if shown}


def _named(addresses: Mapping[str, str]) -> str:
    return ", ".join(f"{what} {_printable(shown)}" for what, shown in addresses.items())


def _named_in(data: bytes) -> str:
    """The settings of an untrusted file, shown for confirmation."""
    try:
        named = _named(_addresses(json.loads(data.decode("utf-8-sig"))))
    except (ValueError, AttributeError, RecursionError, StoreError):  # it is refused anyway
        return ""
    return f" ({named})" if named else ""


def _shown_catalogue(address: str) -> str:
    return without_password(absolute_catalogue(address)) if address else ""


def _used() -> Iterator[str]:
    """The addresses of this user's workspaces, each made or trusted by the user."""
    for folder in workspaces():
        try:
            record = read_description(folder)
            if record is not None:
                yield without_password(record.catalogue) if record.catalogue else ""
                yield without_url_password(record.artifacts)
        except StoreError:
            continue  # an unreadable description adds no address


def _trusted() -> dict[str, str]:
    return _file().read()


def _file() -> SecretFile:
    return SecretFile(home() / FILE, f"remove it and use `{COMMAND}` again")


def _file_key(path: Path) -> str:
    return f"file {path.absolute()}"


def _address_key(shown: str) -> str:
    return f"address {shown}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _printable(text: str) -> str:
    return text if text.isprintable() else repr(text)
