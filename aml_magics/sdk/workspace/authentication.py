"""Azure's classes for authentication.

They never log in to Azure or contact it. All give a header with a token that is good for an hour, signed with a
random secret that this machine keeps for this user in a private file; the endpoints of pipelines on this machine
accept it. Arguments are checked for their form and forgotten.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import InvalidArgumentError
from aml_magics.records.secret import MASK
from aml_magics.services.workspace.token import user_token

if TYPE_CHECKING:
    from collections.abc import Callable


class Audience(StrEnum):
    """Services for which Azure issues a token."""

    ARM = "ARM"
    AML = "AML"
    arm = "ARM"
    aml = "AML"


class AbstractAuthentication:
    """The base of all classes for authentication. It never logs in to Azure."""

    def get_authentication_header(self) -> dict[str, str]:
        """The header for requests to services on this machine: ``{"Authorization": "Bearer …"}``.

        Raises:
            StoreReadOnlyError: the user's secret cannot be saved.
        """
        return {"Authorization": f"Bearer {user_token()}"}

    def get_token(self, *scopes: str, **_azure: object) -> Any:  # noqa: ANN401 -- a subclass gives its caller's
        """A token as in that header."""
        return user_token()

    def __repr__(self) -> str:
        """The class, without secrets."""
        return f"{type(self).__name__}()"


class InteractiveLoginAuthentication(AbstractAuthentication):
    """In Azure a login in the browser; here no login happens and all arguments are ignored."""

    def __init__(
        self,
        force: bool = False,
        tenant_id: str | None = None,
        cloud: str | None = None,
        **_azure: object,
    ) -> None:
        del force, tenant_id, cloud


class AzureCliAuthentication(AbstractAuthentication):
    """In Azure the login of the command ``az``, which is not called here."""

    def __init__(self, cloud: str | None = None, **_azure: object) -> None:
        del cloud


class MsiAuthentication(AbstractAuthentication):
    """In Azure the identity of the machine."""

    def __init__(self, cloud: str | None = None, **_azure: object) -> None:
        del cloud


class ServicePrincipalAuthentication(AbstractAuthentication):
    """In Azure the login of a program. Its password is not kept.

    Args:
        tenant_id: shown.
        service_principal_id: shown.
        service_principal_password: forgotten at once.
        cloud: accepted.
    """

    def __init__(
        self,
        tenant_id: str,
        service_principal_id: str,
        service_principal_password: str,
        cloud: str = "AzureCloud",
        _enable_caching: bool = True,
    ) -> None:
        del service_principal_password, cloud, _enable_caching
        self._tenant_id = tenant_id
        self._service_principal_id = service_principal_id

    def __repr__(self) -> str:
        """The call that makes it, the password masked."""
        return (
            f"ServicePrincipalAuthentication(tenant_id={self._tenant_id!r}, "
            f"service_principal_id={self._service_principal_id!r}, service_principal_password={MASK!r})"
        )


class TokenAuthentication(AbstractAuthentication):
    """In Azure a login by tokens that your own function returns.

    Only ``get_token`` calls the function; services on this machine accept their own token.

    Args:
        get_token_for_audience: called with an :class:`Audience`, returns a token.
        cloud: accepted.

    Raises:
        InvalidArgumentError: ``get_token_for_audience`` is not callable.
    """

    def __init__(
        self, get_token_for_audience: Callable[[Audience], str], cloud: str | None = None
    ) -> None:
        if not callable(get_token_for_audience):
            raise InvalidArgumentError(
                f"get_token_for_audience is a function that takes an Audience and returns a token, not {type(get_token_for_audience).__name__}."
            )
        del cloud
        self._get_token_for_audience = get_token_for_audience

    def get_token(self, audience: Audience = Audience.ARM) -> str:  # type: ignore[override] # as in Azure
        """The result of the function for an audience."""
        return self._get_token_for_audience(audience)


class AzureMLTokenAuthentication(AbstractAuthentication):
    """In Azure the token that a submitted run gets, which is not kept here.

    Args:
        azureml_access_token: forgotten at once.
        expiry_time: accepted, as are the further names.
    """

    def __init__(
        self,
        azureml_access_token: str,
        expiry_time: object = None,
        host: str | None = None,
        subscription_id: str | None = None,
        resource_group_name: str | None = None,
        workspace_name: str | None = None,
        experiment_name: str | None = None,
        run_id: str | None = None,
        user_email: str | None = None,
        experiment_id: str | None = None,
        **_azure: object,
    ) -> None:
        del azureml_access_token, expiry_time, host, subscription_id, resource_group_name
        del workspace_name, experiment_name, run_id, user_email, experiment_id

    @classmethod
    def create(cls, azureml_access_token: str, *azure: object, **_more: object) -> Self:
        """Create one; Azure's own code calls it."""
        del azure
        return cls(azureml_access_token)
