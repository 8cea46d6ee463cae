"""Telemetry; nothing is sent."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.run.telemetry import INSTRUMENTATION_KEY as INSTRUMENTATION_KEY
from aml_magics.sdk.run.telemetry import add_diagnostics_properties as add_diagnostics_properties
from aml_magics.sdk.run.telemetry import (
    get_diagnostics_collection_info as get_diagnostics_collection_info,
)
from aml_magics.sdk.run.telemetry import get_telemetry_log_handler as get_telemetry_log_handler
from aml_magics.sdk.run.telemetry import (
    global_diagnostics_properties as global_diagnostics_properties,
)
from aml_magics.sdk.run.telemetry import (
    is_diagnostics_collection_info_available as is_diagnostics_collection_info_available,
)
from aml_magics.sdk.run.telemetry import set_diagnostics_collection as set_diagnostics_collection
from aml_magics.sdk.run.telemetry import set_diagnostics_properties as set_diagnostics_properties

__getattr__ = refuse(__name__)
