"""Authentication."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.workspace.authentication import AbstractAuthentication as AbstractAuthentication
from aml_magics.sdk.workspace.authentication import Audience as Audience
from aml_magics.sdk.workspace.authentication import AzureCliAuthentication as AzureCliAuthentication
from aml_magics.sdk.workspace.authentication import (
    AzureMLTokenAuthentication as AzureMLTokenAuthentication,
)
from aml_magics.sdk.workspace.authentication import (
    InteractiveLoginAuthentication as InteractiveLoginAuthentication,
)
from aml_magics.sdk.workspace.authentication import MsiAuthentication as MsiAuthentication
from aml_magics.sdk.workspace.authentication import (
    ServicePrincipalAuthentication as ServicePrincipalAuthentication,
)
from aml_magics.sdk.workspace.authentication import TokenAuthentication as TokenAuthentication

__getattr__ = refuse(__name__)
