"""Images."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.image import Image as Image

__getattr__ = refuse(__name__)
