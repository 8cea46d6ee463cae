"""The estimators of deep learning."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.estimator import PyTorch as PyTorch
from aml_magics.sdk.job.estimator import TensorFlow as TensorFlow

__getattr__ = refuse(__name__)
