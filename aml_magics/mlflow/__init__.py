"""MLflow's plugin: a tracking store and an artifact repository that keep MLflow's runs as our runs.

MLflow finds :mod:`aml_magics.mlflow.plugin` by the package's entry points and opens a workspace for
an address such as ``aml-magics://NAME``, which ``ws.get_mlflow_tracking_uri()`` gives.
"""
