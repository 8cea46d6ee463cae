"""A step that is a sweep."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.hyper_drive_step import HyperDriveStep as HyperDriveStep
from aml_magics.sdk.pipeline.steps.hyper_drive_step import HyperDriveStepRun as HyperDriveStepRun

__getattr__ = refuse(__name__)
