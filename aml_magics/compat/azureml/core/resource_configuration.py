"""Resources that a model needs; recorded."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model.resource_configuration import (
    ResourceConfiguration as ResourceConfiguration,
)

__getattr__ = refuse(__name__)
