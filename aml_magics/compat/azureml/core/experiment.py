"""Experiment."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.run.experiment import Experiment as Experiment

__getattr__ = refuse(__name__)
