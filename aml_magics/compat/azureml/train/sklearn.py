"""The estimator of scikit-learn."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.estimator import SKLearn as SKLearn

__getattr__ = refuse(__name__)
