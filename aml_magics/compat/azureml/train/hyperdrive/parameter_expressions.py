"""The expressions of parameters."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.parameter_expressions import choice as choice
from aml_magics.sdk.sweep.parameter_expressions import lognormal as lognormal
from aml_magics.sdk.sweep.parameter_expressions import loguniform as loguniform
from aml_magics.sdk.sweep.parameter_expressions import normal as normal
from aml_magics.sdk.sweep.parameter_expressions import qlognormal as qlognormal
from aml_magics.sdk.sweep.parameter_expressions import qloguniform as qloguniform
from aml_magics.sdk.sweep.parameter_expressions import qnormal as qnormal
from aml_magics.sdk.sweep.parameter_expressions import quniform as quniform
from aml_magics.sdk.sweep.parameter_expressions import randint as randint
from aml_magics.sdk.sweep.parameter_expressions import uniform as uniform

__getattr__ = refuse(__name__)
