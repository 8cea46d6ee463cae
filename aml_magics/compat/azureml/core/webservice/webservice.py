"""Web services of any class."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.configuration import (
    WebserviceDeploymentConfiguration as WebserviceDeploymentConfiguration,
)
from aml_magics.sdk.service.resource import (
    ContainerResourceRequirements as ContainerResourceRequirements,
)
from aml_magics.sdk.service.webservice import Webservice as Webservice

__getattr__ = refuse(__name__)
