"""Targets of which only the configuration is kept: no run of this machine can go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.configuration import attached, provisioned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.compute.configuration import (
        ComputeTargetAttachConfiguration,
        ComputeTargetProvisioningConfiguration,
    )


class RemoteCompute(ComputeTarget):
    """A machine that is reached by SSH."""

    address: str | None
    ssh_port: int
    username: str
    password: str | None
    private_key_file: str | None
    private_key_passphrase: str | None

    @staticmethod
    def attach_configuration(
        username: str,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        vm_name: str | None = None,
        resource_id: str | None = None,
        address: str | None = None,
        ssh_port: int = 22,
        password: str = "",
        private_key_file: str = "",
        private_key_passphrase: str = "",
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a machine; password and key go to a private file, and no connection is made."""
        return attached("remote", locals())


class DsvmCompute(ComputeTarget):
    """Azure's virtual machine for data science."""

    vm_size: str
    ssh_port: int | None

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "Standard_DS3_v2", ssh_port: int | None = None, location: str | None = None
    ) -> ComputeTargetProvisioningConfiguration:
        """The configuration of a machine."""
        return provisioned("dsvm", locals())


class DataFactoryCompute(ComputeTarget):
    """A data factory, which moves data for pipelines."""

    @staticmethod
    def provisioning_configuration(
        location: str | None = None,
    ) -> ComputeTargetProvisioningConfiguration:
        """The configuration of a new factory."""
        return provisioned("data_factory", locals())

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        factory_name: str | None = None,
        resource_id: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a factory that is there."""
        return attached("data_factory", locals())


class DatabricksCompute(ComputeTarget):
    """A workspace of Databricks."""

    access_token: str | None

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        workspace_name: str | None = None,
        resource_id: str | None = None,
        access_token: str = "",
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a workspace; the token goes to a private file."""
        return attached("databricks", locals())


class HDInsightCompute(ComputeTarget):
    """A Spark cluster of HDInsight."""

    address: str | None
    ssh_port: str
    username: str
    password: str | None
    private_key_file: str | None
    private_key_passphrase: str | None

    @staticmethod
    def attach_configuration(
        username: str,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        cluster_name: str | None = None,
        resource_id: str | None = None,
        address: str | None = None,
        ssh_port: str = "22",
        password: str = "",
        private_key_file: str = "",
        private_key_passphrase: str = "",
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a cluster; password and key go to a private file."""
        return attached("hdinsight", locals())


class BatchCompute(ComputeTarget):
    """An account of Azure Batch."""

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        account_name: str | None = None,
        resource_id: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of an account."""
        return attached("batch", locals())


class AdlaCompute(ComputeTarget):
    """An account of Azure Data Lake Analytics."""

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        account_name: str | None = None,
        resource_id: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of an account."""
        return attached("adla", locals())


class KubernetesCompute(ComputeTarget):
    """A Kubernetes cluster with the Azure ML extension."""

    namespace: str | None

    @staticmethod
    def attach_configuration(
        resource_id: str | None = None,
        namespace: str | None = None,
        identity_type: str | None = None,
        identity_ids: Sequence[str] | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a cluster."""
        return attached("kubernetes", locals())


class KustoCompute(ComputeTarget):
    """A cluster of Azure Data Explorer."""

    kusto_connection_string: str | None
    application_id: str | None
    tenant_id: str | None

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        workspace_name: str | None = None,
        resource_id: str | None = None,
        tenant_id: str | None = None,
        kusto_connection_string: str | None = None,
        application_id: str | None = None,
        application_key: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a cluster; the key goes to a private file."""
        return attached("kusto", locals())


class SynapseCompute(ComputeTarget):
    """A Spark pool of Synapse."""

    @staticmethod
    def attach_configuration(
        linked_service: object, type: str, pool_name: str
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a pool; of the linked service its name is kept."""
        name = getattr(linked_service, "name", linked_service)
        return attached(
            "synapse", {"linked_service": name, "spark_type": type, "pool_name": pool_name}
        )
