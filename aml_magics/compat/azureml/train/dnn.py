"""The estimators of deep learning."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.distribution import Gloo as Gloo
from aml_magics.sdk.job.distribution import Mpi as Mpi
from aml_magics.sdk.job.distribution import Nccl as Nccl
from aml_magics.sdk.job.distribution import ParameterServer as ParameterServer
from aml_magics.sdk.job.estimator import Chainer as Chainer
from aml_magics.sdk.job.estimator import PyTorch as PyTorch
from aml_magics.sdk.job.estimator import TensorFlow as TensorFlow

__getattr__ = refuse(__name__)
