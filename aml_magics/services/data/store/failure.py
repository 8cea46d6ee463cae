"""What a file system, a cloud or a database complained of, in words for people and without a credential."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, DataAccessError
from aml_magics.records.secret import MASK, SHORTEST_VALUE, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST: Final = 300
_KEY_CODES: Final = frozenset(
    {"AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation", "InvalidAccessKeyId",
     "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidClientTokenId", "AuthFailure",
     "ExpiredAuthenticationToken", "RequestTimeTooSkewed", "401", "28P01", "28000"}
)  # fmt: skip
_RIGHT_CODES: Final = frozenset(
    {"AccessDenied", "AuthorizationFailure", "AuthorizationPermissionMismatch", "InsufficientAccountPermissions",
     "AuthorizationSourceIPMismatch", "PublicAccessNotPermitted", "ResourceTypeMismatch", "AllAccessDisabled", "Forbidden", "403", "42501"}
)  # fmt: skip
_ROOT_CODES: Final = frozenset(
    {"ContainerNotFound", "ContainerBeingDeleted", "FilesystemNotFound", "NoSuchBucket", "ShareNotFound", "3D000"}
)  # fmt: skip
_FILE_CODES: Final = frozenset({"BlobNotFound", "PathNotFound", "NoSuchKey", "ResourceNotFound", "404"})  # fmt: skip
_AWAY: Final = frozenset(
    {"ConnectionError", "ClientConnectionError", "ServiceRequestError", "ServiceResponseError",
     "HTTPClientError", "gaierror", "TimeoutError", "SSHException", "NewConnectionError", "ServerDisconnectedError"}
)  # fmt: skip
_NO_CREDENTIALS: Final = frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialUnavailableError"})  # fmt: skip
_WRONG_KEY: Final = frozenset({"AzureSigningError", "ClientAuthenticationError", "AuthenticationException", "LogonFailure"})  # fmt: skip
_SIGNED: Final = re.compile(
    r"(?i)\b(sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|accountkey|"
    r"sharedaccesssignature|access_token|code|key|token)=[^&\s;\"']+"
)
_NO_DATABASE: Final = re.compile(
    r"fatal: +database .* does not exist|unknown database|cannot open database"
)
_NO_USER: Final = re.compile(
    r"fatal: +role .* does not exist|password authentication failed|access denied for user|login failed|no password supplied|failed to authenticate the request"
)
_DRIVER: Final = re.compile(r"^\([\w.]+\) ")
_LONG_KEY: Final = re.compile(r"[A-Za-z0-9+/]{40,}={1,2}")
_PLACES: Final = (
    re.compile(r"://(?:[^/@\s]*@)?([\w.-]+:\d+)"),
    re.compile(r"server at \"([^\"]+)\", port (\d+)"),
    re.compile(r"connect to (?:host )?'?([\w.-]+:\d+)"),
    re.compile(r"://(?:[^/@\s]*@)?([\w.-]+)"),
)


def explained(error: Exception, place_name: str, secrets: Iterable[str] = ()) -> DataAccessError:
    """Say what went wrong with a datastore, and what to do about it.

    Args:
        error: of a file system, a cloud's client or a database.
        place_name: the datastore's, or the folder's where there is none.
        secrets: credentials that must not be shown; what looks like one never is.
    """
    if isinstance(error, DataAccessError):
        return error
    chain = list(_chain(error))
    text = _hidden(next((str(one) for one in chain if str(one).strip()), ""), secrets)
    if isinstance(error, AmlError):
        return DataAccessError(text)
    reason = _reason(chain, text) or f"failed: {_first_line(text) or type(error).__name__}."
    return DataAccessError(f"Datastore {_hidden(place_name, secrets)!r} {reason}")


def _reason(chain: list[BaseException], text: str) -> str:
    codes = {code for one in chain for code in _codes(one)}
    kinds = {kind.__name__ for one in chain for kind in type(one).__mro__}
    lower = text.lower()
    if codes & _ROOT_CODES or "bucket does not exist" in lower or _NO_DATABASE.search(lower):
        return "has no such container, bucket or database; check its name, or make it first."
    if kinds & _NO_CREDENTIALS or "defaultazurecredential failed" in lower:
        return "asks for credentials, and this machine has none for it; register it again with a key or token."
    if codes & _KEY_CODES or kinds & _WRONG_KEY or _NO_USER.search(lower):
        return "refuses the credentials; register it again with a key, token or password that is valid now."
    if codes & _RIGHT_CODES or "PermissionError" in kinds:
        return f"does not permit that{_named_file(chain)}; ask its owner for the right to read or write there."
    if codes & _FILE_CODES or "FileNotFoundError" in kinds:
        return f"has no such file: {_first_line(text) or 'it is not there'}."
    return _away(chain, kinds, lower) or _local_reason(chain)


def _away(chain: list[BaseException], kinds: set[str], lower: str) -> str:
    refused = (
        "connection refused",
        "could not translate host",
        "timed out",
        "name or service not known",
    )
    if not kinds & _AWAY and not any(words in lower for words in refused):
        return ""
    where = next(filter(None, map(_address, chain)), "")
    return f"does not answer{f' at {where}' if where else ''}; check the address and the network, then try again."


def _address(error: BaseException) -> str:
    """Host and port, as far as an error tells them."""
    host = getattr(error, "host", None)
    if isinstance(host, str) and host:
        return f"{host}:{getattr(error, 'port', None) or ''}".rstrip(":")
    for pattern in _PLACES:
        if found := pattern.search(str(error)):
            return ":".join(found.groups())
    return ""


def _local_reason(chain: list[BaseException]) -> str:
    for one in chain:
        if isinstance(one, OSError) and one.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "has no room left; free some and try again."
        if isinstance(one, OSError) and one.errno == errno.EROFS:
            return "is read-only; make it writable."
        if isinstance(one, OSError) and one.strerror:
            return f"failed: {one.strerror}{_named_file(chain)}."
    return ""


def _named_file(chain: list[BaseException]) -> str:
    names = (getattr(one, "filename", None) for one in chain)
    name = next((name for name in names if isinstance(name, str)), "")
    return f" ({name[:200]})" if name else ""


def _codes(error: BaseException) -> Iterator[str]:
    """What clouds and databases number or name their complaints by."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        yield str(response.get("Error", {}).get("Code", ""))
    for name in ("error_code", "status_code", "status", "sqlstate"):
        value: Any = getattr(error, name, None)
        if value is not None and not callable(value):
            yield str(getattr(value, "value", value))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or getattr(found, "orig", None) or found.__context__


def _hidden(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_VALUE:
            text = text.replace(secret, MASK)
    return _LONG_KEY.sub(MASK, _SIGNED.sub(rf"\1={MASK}", mask(text)))


def _first_line(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "").strip().rstrip(".")
    line = _DRIVER.sub("", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
