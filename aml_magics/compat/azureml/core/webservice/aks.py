"""Web services and endpoints as Azure Kubernetes Service would host them."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.aks import AksWebservice as AksWebservice
from aml_magics.sdk.service.configuration import (
    AksEndpointDeploymentConfiguration as AksEndpointDeploymentConfiguration,
)
from aml_magics.sdk.service.configuration import (
    AksServiceDeploymentConfiguration as AksServiceDeploymentConfiguration,
)
from aml_magics.sdk.service.endpoint import AksEndpoint as AksEndpoint
from aml_magics.sdk.service.resource import AksServiceAccessToken as AksServiceAccessToken
from aml_magics.sdk.service.resource import AutoScaler as AutoScaler
from aml_magics.sdk.service.resource import (
    ContainerResourceRequirements as ContainerResourceRequirements,
)
from aml_magics.sdk.service.resource import DataCollection as DataCollection
from aml_magics.sdk.service.resource import LivenessProbeRequirements as LivenessProbeRequirements

__getattr__ = refuse(__name__)
