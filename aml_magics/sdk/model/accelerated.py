"""Models on Azure's FPGA boards. Their names are here so that a notebook can be imported; each use says what is missing."""

from __future__ import annotations

from typing import ClassVar, Final, NoReturn

from aml_magics.errors import HardwareNeededError

_BOARDS: Final = "an FPGA board of Azure (a Standard_PB6s node, or a Data Box Edge)"
_NETWORK: Final = (
    "its network was made for the number format of the boards, and its weights come from Azure"
)
_CONVERTER: Final = "the converter, a service of Azure, compiles a TensorFlow graph for the boards"
_IMAGE: Final = "an image with it runs the boards' own server"
_CLIENT: Final = "it calls a service that runs on one"


def _refuse(name: str, reason: str) -> NoReturn:
    raise HardwareNeededError(
        f"{name} needs the hardware: {_BOARDS}, which this machine does not have; {reason}. "
        "Register a model that runs on a CPU, such as an ONNX file, and deploy it with Model.deploy."
    )


class _Accelerated:
    """What cannot be made without a board."""

    _reason: ClassVar[str]

    def __init__(self, *_: object, **__: object) -> None:
        _refuse(type(self).__name__, self._reason)


class _Network(_Accelerated):
    """A network that turns images into features."""

    _reason = _NETWORK


class Resnet50(_Network):
    """ResNet 50 with full precision."""


class QuantizedResnet50(_Network):
    """ResNet 50."""


class Resnet152(_Network):
    """ResNet 152 with full precision."""


class QuantizedResnet152(_Network):
    """ResNet 152."""


class Densenet121(_Network):
    """DenseNet-121 with full precision."""


class QuantizedDensenet121(_Network):
    """DenseNet-121."""


class Vgg16(_Network):
    """VGG-16 with full precision."""


class QuantizedVgg16(_Network):
    """VGG-16."""


class SsdVgg(_Network):
    """SSD-VGG, which finds objects, with full precision."""


class QuantizedSsdVgg(_Network):
    """SSD-VGG, which finds objects."""


def preprocess_array(*_: object, **__: object) -> NoReturn:
    """Scale images for a network of the boards."""
    _refuse("preprocess_array", _NETWORK)


class AccelOnnxConverter(_Accelerated):
    """A registered TensorFlow model becomes one for the boards."""

    _reason = _CONVERTER

    @staticmethod
    def convert_tf_model(*_: object, **__: object) -> NoReturn:
        """Start a conversion."""
        _refuse("AccelOnnxConverter.convert_tf_model", _CONVERTER)


class AccelImageConfiguration(_Accelerated):
    """How an image for the boards is made."""

    _reason = _IMAGE


class AccelInferenceConfig(_Accelerated):
    """How a model is deployed on the boards."""

    _reason = _IMAGE


class AccelContainerImage(_Accelerated):
    """An image for the boards."""

    _reason = _IMAGE

    @staticmethod
    def image_configuration(*_: object, **__: object) -> NoReturn:
        """Describe an image."""
        _refuse("AccelContainerImage.image_configuration", _IMAGE)


class PredictionClient(_Accelerated):
    """Asks a model on a board."""

    _reason = _CLIENT


def client_from_service(*_: object, **__: object) -> NoReturn:
    """Make a client of a deployed service."""
    _refuse("client_from_service", _CLIENT)
