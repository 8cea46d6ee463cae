"""Samplings."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.sampling import BayesianParameterSampling as BayesianParameterSampling
from aml_magics.sdk.sweep.sampling import GridParameterSampling as GridParameterSampling
from aml_magics.sdk.sweep.sampling import HyperParameterSampling as HyperParameterSampling
from aml_magics.sdk.sweep.sampling import RandomParameterSampling as RandomParameterSampling

__getattr__ = refuse(__name__)
