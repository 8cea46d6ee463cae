"""What needs FPGA boards is imported, and says at its first use what is missing."""

from __future__ import annotations

import inspect

import pytest

from aml_magics.errors import HardwareNeededError, WebserviceError
from aml_magics.sdk.model import accelerated
from tests.compat.python import printed

NAMES = [
    name
    for name, value in vars(accelerated).items()
    if not name.startswith("_") and getattr(value, "__module__", "") == accelerated.__name__
]
CALLS = [*NAMES, "AccelOnnxConverter.convert_tf_model", "AccelContainerImage.image_configuration"]


def test_a_notebook_stops_at_the_call_and_not_at_the_import():
    code = """
import azureml.accel.models.utils as utils
from azureml.accel.models import QuantizedResnet50, SsdVgg, utils as same
from azureml.accel import AccelContainerImage, AccelOnnxConverter, PredictionClient, client_from_service
from azureml.core import Workspace
from azureml.exceptions import WebserviceException
assert utils is same
for call in (utils.preprocess_array, QuantizedResnet50, client_from_service, AccelOnnxConverter.convert_tf_model):
    try: call("x", is_frozen=True)
    except WebserviceException as error: print(error.message.split(":")[0])
try: from azureml.accel import Nothing
except ImportError as error: print(str(error).split(" in ")[0])"""

    assert printed(code).splitlines() == [
        "preprocess_array needs the hardware",
        "QuantizedResnet50 needs the hardware",
        "client_from_service needs the hardware",
        "AccelOnnxConverter.convert_tf_model needs the hardware",
        "azureml.accel.Nothing is not available",
    ]


@pytest.mark.parametrize("name", CALLS)
def test_each_names_itself_the_board_and_a_remedy(name):
    call = accelerated
    for part in name.split("."):
        call = getattr(call, part)
    with pytest.raises(HardwareNeededError, match=r"FPGA board of Azure .* deploy it") as raised:
        call("anything", timeout=1)
    assert str(raised.value).startswith(f"{name} needs the hardware: ")
    assert isinstance(raised.value, WebserviceError)
    assert inspect.getdoc(call)
