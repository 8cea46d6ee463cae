"""Web services as Azure Container Instances would host them."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.aci import AciWebservice as AciWebservice
from aml_magics.sdk.service.configuration import (
    AciServiceDeploymentConfiguration as AciServiceDeploymentConfiguration,
)
from aml_magics.sdk.service.resource import (
    ContainerResourceRequirements as ContainerResourceRequirements,
)

__getattr__ = refuse(__name__)
