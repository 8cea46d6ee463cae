"""A step that runs the script of an estimator."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.estimator_step import EstimatorStep as EstimatorStep

__getattr__ = refuse(__name__)
