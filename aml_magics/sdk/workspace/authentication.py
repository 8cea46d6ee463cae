"""Ways to prove who one is, as Azure ML SDK v1 names them.

Nobody logs in to Azure here, and nothing is asked of it. Each of them gives the same header: a random
token that this machine made for this user and keeps in a private file, and by which web services and
pipeline endpoints on this machine know their user. What is passed to them is checked for its form and
forgotten.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import InvalidArgumentError
from aml_magics.records.secret import MASK
from aml_magics.services.workspace.token import local_token

if TYPE_CHECKING:
    from collections.abc import Callable


class Audience(StrEnum):
    """For whom Azure issues a token."""

    ARM = "ARM"
    AML = "AML"
    arm = "ARM"
    aml = "AML"


class AbstractAuthentication:
    """What all ways have in common. It is never a login to Azure."""

    def get_authentication_header(self) -> dict[str, str]:
        """The header for requests to services on this machine: ``{"Authorization": "Bearer …"}``.

        Raises:
            StoreReadOnlyError: the token cannot be kept.
        """
        return {"Authorization": f"Bearer {local_token()}"}

    def get_token(self, *scopes: str, **_azure: object) -> Any:  # noqa: ANN401 -- a subclass gives its caller's
        """The token of that header."""
        return local_token()

    def __repr__(self) -> str:
        """The class, and no secret."""
        return f"{type(self).__name__}()"


class InteractiveLoginAuthentication(AbstractAuthentication):
    """In Azure a login in the browser; here no login happens.

    Args:
        force: accepted.
        tenant_id: accepted.
        cloud: accepted.
    """

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
    """In Azure a login by tokens that a function of yours gets.

    The function is called by ``get_token`` alone; services on this machine know their own token.

    Args:
        get_token_for_audience: called with an :class:`Audience`, returns a token.
        cloud: accepted.

    Raises:
        InvalidArgumentError: it cannot be called.
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
        """What the function returns for an audience."""
        return self._get_token_for_audience(audience)


class AzureMLTokenAuthentication(AbstractAuthentication):
    """In Azure the token that a submitted run gets. Its own is not kept.

    Args:
        azureml_access_token: forgotten at once.
        expiry_time: accepted, and so are the names of what the token is for.
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
        """The same, as Azure's own code makes it."""
        del azure
        return cls(azureml_access_token)
