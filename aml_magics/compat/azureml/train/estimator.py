"""Estimators."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.estimator import Estimator as Estimator

__getattr__ = refuse(__name__)
