"""``azureml.mlflow`` for runs of MLflow, each of which is one of ours under MLflow's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.sdk import handles


def get_portal_url(run: Any) -> str:  # noqa: ANN401 -- MLflow comes without types
    """The command that shows a run, as its ``run.get_portal_url()``.

    Args:
        run: a run of MLflow's or of ours.

    Raises:
        RunNotFoundError: the workspace has no run of that id.
    """
    return _ours(run).get_portal_url()


def register_model(
    run: Any,  # noqa: ANN401 -- as above
    name: str,
    path: str,
    tags: Mapping[str, Any] | None = None,
    **kwargs: Any,  # noqa: ANN401 -- those of run.register_model
) -> handles.Model:
    """Keep files of a run as the next version of a model.

    Args:
        run: a run of MLflow's or of ours.
        name: of the model.
        path: the folder to which ``log_model`` wrote, or another of the run's files.
        tags: values by name.
        **kwargs: as ``run.register_model``.

    Raises:
        ArtifactNotFoundError: the run has no such files.
    """
    return _ours(run).register_model(name, model_path=path, tags=tags, **kwargs)


def _ours(run: Any) -> Run:  # noqa: ANN401 -- as above
    if isinstance(run, Run):
        return run
    run_id = getattr(getattr(run, "info", None), "run_id", None)
    if not isinstance(run_id, str):
        raise InvalidArgumentError(
            f"A run of MLflow is what mlflow.start_run() or mlflow.get_run(id) gives, not {described(run)}."
        )
    return Workspace.from_config().get_run(run_id)
