"""Errors, by Azure's names."""

from aml_magics.compat.missing import refuse
from aml_magics.errors import AmlError as AzureMLException
from aml_magics.errors import AmlError as UserErrorException
from aml_magics.errors import ArtifactNotFoundError as ModelPathNotFoundException
from aml_magics.errors import CloudError as AuthenticationException
from aml_magics.errors import CloudError as AzureMLAggregatedException
from aml_magics.errors import CloudError as DiscoveryUrlNotFoundException
from aml_magics.errors import CloudError as WorkspacePrivateEndpointException
from aml_magics.errors import ComputeTargetError as ComputeTargetException
from aml_magics.errors import InvalidDatasetError as DatasetTimestampMissingError
from aml_magics.errors import ModelNotFoundError as ModelNotFoundException
from aml_magics.errors import ParallelRunError as ParallelRunException
from aml_magics.errors import RunFailedError as ActivityFailedException
from aml_magics.errors import RunStateError as RunEnvironmentException
from aml_magics.errors import SnapshotError as SnapshotException
from aml_magics.errors import StoreError as ServiceException
from aml_magics.errors import SubmissionError as ExperimentExecutionException
from aml_magics.errors import SubmissionError as RunConfigurationException
from aml_magics.errors import SubmissionError as TrainingException
from aml_magics.errors import WebserviceError as WebserviceException
from aml_magics.errors import WorkspaceNotFoundError as ProjectSystemException
from aml_magics.errors import WorkspaceNotFoundError as WorkspaceException

__all__ = [
    "ActivityFailedException",
    "AuthenticationException",
    "AzureMLAggregatedException",
    "AzureMLException",
    "ComputeTargetException",
    "DatasetTimestampMissingError",
    "DiscoveryUrlNotFoundException",
    "ExperimentExecutionException",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "ParallelRunException",
    "ProjectSystemException",
    "RunConfigurationException",
    "RunEnvironmentException",
    "ServiceException",
    "SnapshotException",
    "TrainingException",
    "UserErrorException",
    "WebserviceException",
    "WorkspaceException",
    "WorkspacePrivateEndpointException",
]
__getattr__ = refuse(__name__)
