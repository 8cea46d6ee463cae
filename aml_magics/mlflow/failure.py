"""Our errors as ``MlflowException`` with the error codes that MLflow's code looks for."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mlflow.exceptions import MlflowException
from mlflow.protos import databricks_pb2

from aml_magics.errors import AlreadyExistsError, AmlError, NotFoundError, RunStateError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def raising_mlflow_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Turn a method's :class:`AmlError` into ``MlflowException`` with the same message."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except AmlError as error:
            raise MlflowException(str(error), error_code=_code_of(error)) from error

    return told


def invalid(message: str) -> MlflowException:
    """The error for an invalid argument."""
    return MlflowException(message, error_code=databricks_pb2.INVALID_PARAMETER_VALUE)


def missing(message: str) -> MlflowException:
    """The error for something that does not exist."""
    return MlflowException(message, error_code=databricks_pb2.RESOURCE_DOES_NOT_EXIST)


def not_built(message: str) -> MlflowException:
    """The error for features of MLflow that this store does not have."""
    return MlflowException(message, error_code=databricks_pb2.NOT_IMPLEMENTED)


def _code_of(error: AmlError) -> int:
    if isinstance(error, NotFoundError):
        return int(databricks_pb2.RESOURCE_DOES_NOT_EXIST)
    if isinstance(error, AlreadyExistsError):
        return int(databricks_pb2.RESOURCE_ALREADY_EXISTS)
    if isinstance(error, RunStateError):
        return int(databricks_pb2.INVALID_STATE)
    if isinstance(error, ValueError | TypeError):
        return int(databricks_pb2.INVALID_PARAMETER_VALUE)
    return int(databricks_pb2.INTERNAL_ERROR)
