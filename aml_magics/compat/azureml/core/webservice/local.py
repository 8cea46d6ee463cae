"""Web services for trying out."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.configuration import (
    LocalWebserviceDeploymentConfiguration as LocalWebserviceDeploymentConfiguration,
)
from aml_magics.sdk.service.local import LocalWebservice as LocalWebservice

__getattr__ = refuse(__name__)
