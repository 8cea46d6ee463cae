"""TensorBoard on the files of runs."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.run.tensorboard import Tensorboard as Tensorboard

__getattr__ = refuse(__name__)
