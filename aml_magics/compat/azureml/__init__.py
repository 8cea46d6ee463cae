"""The names of Azure ML SDK v1, given by aml_magics."""

from pkgutil import extend_path

from aml_magics.compat.missing import announce

# azureml-mlflow and other packages put more below this name, and stay importable.
__path__ = extend_path(__path__, __name__)

announce()
