"""Early termination policies."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.policy import BanditPolicy as BanditPolicy
from aml_magics.sdk.sweep.policy import EarlyTerminationPolicy as EarlyTerminationPolicy
from aml_magics.sdk.sweep.policy import MedianStoppingPolicy as MedianStoppingPolicy
from aml_magics.sdk.sweep.policy import NoTerminationPolicy as NoTerminationPolicy
from aml_magics.sdk.sweep.policy import TruncationSelectionPolicy as TruncationSelectionPolicy

__getattr__ = refuse(__name__)
