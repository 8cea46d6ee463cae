"""RunDetails."""

from aml_magics.compat.missing import refuse
from aml_magics.widgets.run_details import RunDetails as RunDetails

__getattr__ = refuse(__name__)
