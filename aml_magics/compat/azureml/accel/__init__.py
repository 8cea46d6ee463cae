"""Models on FPGA boards; each use says which hardware is missing."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model.accelerated import AccelContainerImage as AccelContainerImage
from aml_magics.sdk.model.accelerated import AccelImageConfiguration as AccelImageConfiguration
from aml_magics.sdk.model.accelerated import AccelInferenceConfig as AccelInferenceConfig
from aml_magics.sdk.model.accelerated import AccelOnnxConverter as AccelOnnxConverter
from aml_magics.sdk.model.accelerated import PredictionClient as PredictionClient
from aml_magics.sdk.model.accelerated import client_from_service as client_from_service

__getattr__ = refuse(__name__)
