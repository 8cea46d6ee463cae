"""Errors, by Azure's names."""

from aml_magics.compat.missing import refuse
from aml_magics.errors import AmlError as AzureMLException
from aml_magics.errors import AmlError as UserErrorException
from aml_magics.errors import ArtifactNotFoundError as ModelPathNotFoundException
from aml_magics.errors import InvalidDatasetError as DatasetTimestampMissingError
from aml_magics.errors import ModelNotFoundError as ModelNotFoundException
from aml_magics.errors import RunFailedError as ActivityFailedException
from aml_magics.errors import StoreError as ServiceException

__all__ = [
    "ActivityFailedException",
    "AzureMLException",
    "DatasetTimestampMissingError",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "ServiceException",
    "UserErrorException",
]
__getattr__ = refuse(__name__)
