"""Images for those networks."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model.accelerated import preprocess_array as preprocess_array

__getattr__ = refuse(__name__)
