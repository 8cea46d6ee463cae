"""Authentication."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.authentication import AbstractAuthentication as AbstractAuthentication
from aml_magics.sdk.authentication import Audience as Audience
from aml_magics.sdk.authentication import AzureCliAuthentication as AzureCliAuthentication
from aml_magics.sdk.authentication import (
    AzureMLTokenAuthentication as AzureMLTokenAuthentication,
)
from aml_magics.sdk.authentication import (
    InteractiveLoginAuthentication as InteractiveLoginAuthentication,
)
from aml_magics.sdk.authentication import MsiAuthentication as MsiAuthentication
from aml_magics.sdk.authentication import (
    ServicePrincipalAuthentication as ServicePrincipalAuthentication,
)
from aml_magics.sdk.authentication import TokenAuthentication as TokenAuthentication

__getattr__ = refuse(__name__)
