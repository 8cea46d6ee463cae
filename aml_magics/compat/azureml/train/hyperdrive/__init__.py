"""Sweeps of hyperparameters."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig as HyperDriveConfig
from aml_magics.sdk.sweep.hyperdrive_config import PrimaryMetricGoal as PrimaryMetricGoal
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun as HyperDriveRun
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
from aml_magics.sdk.sweep.policy import BanditPolicy as BanditPolicy
from aml_magics.sdk.sweep.policy import EarlyTerminationPolicy as EarlyTerminationPolicy
from aml_magics.sdk.sweep.policy import MedianStoppingPolicy as MedianStoppingPolicy
from aml_magics.sdk.sweep.policy import NoTerminationPolicy as NoTerminationPolicy
from aml_magics.sdk.sweep.policy import TruncationSelectionPolicy as TruncationSelectionPolicy
from aml_magics.sdk.sweep.sampling import BayesianParameterSampling as BayesianParameterSampling
from aml_magics.sdk.sweep.sampling import GridParameterSampling as GridParameterSampling
from aml_magics.sdk.sweep.sampling import HyperParameterSampling as HyperParameterSampling
from aml_magics.sdk.sweep.sampling import RandomParameterSampling as RandomParameterSampling

__getattr__ = refuse(__name__)
