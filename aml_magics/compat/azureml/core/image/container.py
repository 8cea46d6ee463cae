"""Images of web services."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.image import ContainerImage as ContainerImage
from aml_magics.sdk.service.image_config import ContainerImageConfig as ContainerImageConfig

__getattr__ = refuse(__name__)
