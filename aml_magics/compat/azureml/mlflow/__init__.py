"""MLflow's runs, which are aml_magics runs."""

from pkgutil import extend_path

from aml_magics.compat.missing import refuse
from aml_magics.sdk.run.mlflow_run import get_portal_url as get_portal_url
from aml_magics.sdk.run.mlflow_run import register_model as register_model

# MLflow loads the plugins of an azureml-mlflow that is installed, at each use; they are modules below this one.
__path__ = extend_path(__path__, __name__)
__all__ = ["get_portal_url", "register_model"]
__getattr__ = refuse(__name__)
