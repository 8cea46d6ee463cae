"""Networks for FPGA boards."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model.accelerated import Densenet121 as Densenet121
from aml_magics.sdk.model.accelerated import QuantizedDensenet121 as QuantizedDensenet121
from aml_magics.sdk.model.accelerated import QuantizedResnet50 as QuantizedResnet50
from aml_magics.sdk.model.accelerated import QuantizedResnet152 as QuantizedResnet152
from aml_magics.sdk.model.accelerated import QuantizedSsdVgg as QuantizedSsdVgg
from aml_magics.sdk.model.accelerated import QuantizedVgg16 as QuantizedVgg16
from aml_magics.sdk.model.accelerated import Resnet50 as Resnet50
from aml_magics.sdk.model.accelerated import Resnet152 as Resnet152
from aml_magics.sdk.model.accelerated import SsdVgg as SsdVgg
from aml_magics.sdk.model.accelerated import Vgg16 as Vgg16

__getattr__ = refuse(__name__)
