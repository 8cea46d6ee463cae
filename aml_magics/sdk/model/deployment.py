"""What is made of models: services. The areas above do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk import handles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.workspace.workspace import Workspace


class ModelDeployment:
    """The part of ``Model`` that deploys."""

    @staticmethod
    def deploy(
        workspace: Workspace,
        name: str,
        models: Sequence[handles.Model],
        inference_config: handles.InferenceConfig | None = None,
        deployment_config: object = None,
        deployment_target: object = None,
        overwrite: bool = False,
        show_output: bool = False,
    ) -> handles.Webservice:
        """Start a web service of models; ``service.wait_for_deployment(True)`` waits until it answers.

        Args:
            name: 3 to 32 lower-case letters, digits and dashes.
            models: may be empty.
            inference_config: the entry script and its environment; None for one model of scikit-learn or ONNX.
            deployment_config: what ``AciWebservice.deploy_configuration()`` gives, that of another class, or None.
            deployment_target: the name of a cluster, or an object with one; kept and shown.
            overwrite: whether a service of that name gets a new revision.
            show_output: whether it prints what it deploys.

        Raises:
            WebserviceError: the name is invalid or taken, or an argument is wrong.
            ModelNotFoundError: a model is not in the workspace.
        """
        return handles.Webservice._deploy_models(
            workspace,
            name,
            models,
            inference_config,
            deployment_config,
            deployment_target,
            overwrite=overwrite,
            show_output=show_output,
        )

    @staticmethod
    def package(
        workspace: Workspace,
        models: Sequence[handles.Model],
        inference_config: handles.InferenceConfig | None = None,
        generate_dockerfile: bool = False,
        image_name: str | None = None,
        image_label: str | None = None,
    ) -> handles.ModelPackage:
        """A container of models, their scoring code and a pinned environment, to be built here or elsewhere.

        Args:
            models: may be empty.
            inference_config: the entry script and its environment; None for one model of scikit-learn or ONNX.
            generate_dockerfile: whether it is a folder with a Dockerfile, for ``package.save(folder)``.
            image_name: the name of the image.
            image_label: its label, ``latest`` if None.

        Raises:
            WebserviceError: an argument is wrong.
            EnvironmentBuildError: no versions fit the environment.
        """
        return handles.ModelPackage._of_models(
            workspace,
            models,
            inference_config,
            image_name,
            image_label,
            is_dockerfile=generate_dockerfile,
        )

    @staticmethod
    def print_configuration(
        models: Sequence[handles.Model],
        inference_config: object,
        deployment_config: object,
        deployment_target: object,
    ) -> None:
        """Print what a deployment would be made of."""
        handles.Webservice._print_configuration(
            models, inference_config, deployment_config, deployment_target
        )

    @staticmethod
    def profile(
        workspace: Workspace,
        profile_name: str,
        models: Sequence[handles.Model],
        inference_config: handles.InferenceConfig | None = None,
        input_dataset: handles.TabularDataset | None = None,
        cpu: float | None = None,
        memory_in_gb: float | None = None,
        description: str | None = None,
        input_data: object = None,
        cpu_cores: float | None = None,
    ) -> handles.ModelProfile:
        """Measure latency, cores and memory at 1, 2, 4 and 8 clients, on a temporary service of this machine.

        It goes on in the background; ``profile.wait_for_completion(True)`` waits, ``profile.get_details()`` has the
        figures and what is recommended, ``profile.plot()`` draws them.

        Args:
            profile_name: letters, digits, ``-`` and ``_``; a profile of that name is replaced.
            models: may be empty.
            inference_config: the entry script and its environment; None for one model of scikit-learn or ONNX.
            input_dataset: one column with the text of a request in each row.
            cpu: the cores that are planned; only told.
            memory_in_gb: the memory that the service may use.
            description: any text.
            input_data: a text, or a list of them, in place of a dataset.
            cpu_cores: the same as ``cpu``.

        Raises:
            WebserviceError: the input is no text.
            ModelNotFoundError: a model is not in the workspace.
        """
        return handles.ModelProfile._start(
            workspace,
            profile_name,
            models,
            inference_config,
            input_data if input_dataset is None else input_dataset,
            cpu=cpu if cpu_cores is None else cpu_cores,
            memory_in_gb=memory_in_gb,
            description=description or "",
        )
