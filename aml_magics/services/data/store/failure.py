"""Explains why a datastore failed, never showing a credential.

Frequent errors are classified and get a remedy. Others are passed on with their first line.
"""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aml_magics.errors import AmlError, DataAccessError
from aml_magics.records.secret import MASK, SHORTEST_VALUE, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST: Final = 300


class _Case(NamedTuple):
    """How to recognise an error, and how to explain it.

    ``codes`` are documented by the services: Azure's and S3's error codes, SQLSTATE, HTTP status. ``kinds`` are
    names of exception types, since their packages may not be installed; ``words`` match errors that have neither.
    """

    reason: str
    codes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    words: str = ""


# https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# https://www.postgresql.org/docs/current/errcodes-appendix.html (libpq has none when it cannot connect)
_CASES: Final = (
    _Case(
        "has no such container, bucket or database; check its name, or make it first.",
        codes=frozenset(
            {"ContainerNotFound", "ContainerBeingDeleted", "FilesystemNotFound", "NoSuchBucket", "ShareNotFound", "3D000"}
        ),
        words=r"bucket does not exist|fatal: +database .* does not exist|unknown database|cannot open database",
    ),
    _Case(
        "asks for credentials, and this machine has none for it; register it again with a key or token.",
        kinds=frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialUnavailableError"}),
        words="defaultazurecredential failed",
    ),
    _Case(
        "refuses the credentials; register it again with a key, token or password that is valid now.",
        codes=frozenset(
            {"AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation", "InvalidAccessKeyId",
             "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidClientTokenId", "AuthFailure",
             "ExpiredAuthenticationToken", "RequestTimeTooSkewed", "401", "28P01", "28000"}
        ),
        kinds=frozenset({"AzureSigningError", "ClientAuthenticationError", "AuthenticationException", "LogonFailure"}),
        words="fatal: +role .* does not exist|password authentication failed|access denied for user|login failed|no password supplied|"
        "failed to authenticate the request",
    ),
    _Case(
        "does not permit that{file}; ask its owner for the right to read or write there.",
        codes=frozenset(
            {"AccessDenied", "AuthorizationFailure", "AuthorizationPermissionMismatch", "InsufficientAccountPermissions",
             "AuthorizationSourceIPMismatch", "PublicAccessNotPermitted", "ResourceTypeMismatch", "AllAccessDisabled", "Forbidden", "403",
             "42501"}
        ),
        kinds=frozenset({"PermissionError"}),
    ),
    _Case(
        "was written by others in this moment, and nothing of theirs was replaced; try again.",
        codes=frozenset(
            {"BlobAlreadyExists", "ConditionNotMet", "InvalidBlockList", "NoSuchUpload", "PreconditionFailed", "412"}
        ),
    ),
    _Case(
        "has no such file: {line}.",
        codes=frozenset({"BlobNotFound", "PathNotFound", "NoSuchKey", "ResourceNotFound", "404"}),
        kinds=frozenset({"FileNotFoundError"}),
    ),
    _Case(
        "has a certificate that this machine does not trust{where}; check the address, or give the machine the certificate "
        "of who signed it.",
        kinds=frozenset({"SSLError", "SSLCertVerificationError", "ClientConnectorCertificateError"}),
    ),
    _Case(
        "does not answer{where}; check the address and the network, then try again.",
        kinds=frozenset(
            {"ConnectionError", "ClientConnectionError", "ServiceRequestError", "ServiceResponseError",
             "HTTPClientError", "gaierror", "TimeoutError", "SSHException", "NewConnectionError", "ServerDisconnectedError"}
        ),
        words="connection refused|could not translate host|timed out|name or service not known",
    ),
)  # fmt: skip
_ERRNOS: Final = {
    errno.ENOSPC: "has no room left; free some and try again.",
    errno.EDQUOT: "has no room left; free some and try again.",
    errno.EROFS: "is read-only; make it writable.",
}
_SIGNED: Final = re.compile(
    r"(?i)\b(sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|accountkey|"
    r"sharedaccesssignature|access_token|code|key|token)=[^&\s;\"']+"
)
_DRIVER: Final = re.compile(r"^\([\w.]+\) ")
_LONG_KEY: Final = re.compile(r"[A-Za-z0-9+/]{40,}={1,2}")
_ADDRESSES: Final = (
    re.compile(r"://(?:[^/@\s]*@)?([\w.-]+:\d+)"),
    re.compile(r"server at \"([^\"]+)\", port (\d+)"),
    re.compile(r"connect to (?:host )?'?([\w.-]+:\d+)"),
    re.compile(r"://(?:[^/@\s]*@)?([\w.-]+)"),
)


def explained(error: Exception, storage_name: str, secrets: Iterable[str] = ()) -> DataAccessError:
    """Explain a datastore's error and its remedy.

    Args:
        storage_name: the datastore's name, or the folder's without a datastore.
        secrets: credentials to hide; whatever looks like one is always hidden.
    """
    if isinstance(error, DataAccessError):
        return error
    chain = list(_chain(error))
    text = _hidden(next((str(one) for one in chain if str(one).strip()), ""), secrets)
    if isinstance(error, AmlError):
        return DataAccessError(text)
    return DataAccessError(f"Datastore {_hidden(storage_name, secrets)!r} {_reason(chain, text)}")


def _reason(chain: list[BaseException], text: str) -> str:
    codes = {code for one in chain for code in _codes(one)}
    kinds = {kind.__name__ for one in chain for kind in type(one).__mro__}
    for case in _CASES:
        has_words = case.words and re.search(case.words, text, re.IGNORECASE)
        if codes & case.codes or kinds & case.kinds or has_words:
            where = next(filter(None, map(_address, chain)), "")
            return case.reason.format(
                file=_named_file(chain),
                line=_first_line(text) or "it is not there",
                where=f" at {where}" if where else "",
            )
    for one in chain:
        if isinstance(one, OSError) and one.strerror:
            return _ERRNOS.get(one.errno or 0, f"failed: {one.strerror}{_named_file(chain)}.")
    return f"failed: {_first_line(text) or type(chain[0]).__name__}."


def _address(error: BaseException) -> str:
    """Host and port, if the error has them."""
    host = getattr(error, "host", None)
    if isinstance(host, str) and host:
        return f"{host}:{getattr(error, 'port', None) or ''}".rstrip(":")
    for pattern in _ADDRESSES:
        if found := pattern.search(str(error)):
            return ":".join(found.groups())
    return ""


def _named_file(chain: list[BaseException]) -> str:
    names = (getattr(one, "filename", None) for one in chain)
    name = next((name for name in names if isinstance(name, str)), "")
    return f" ({name[:200]})" if name else ""


def _codes(error: BaseException) -> Iterator[str]:
    """The error codes of clouds and databases."""
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
