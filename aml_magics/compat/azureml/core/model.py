"""Registered models."""

from typing import Any

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model import Model as Model

_refuse = refuse(__name__)


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a class
    if name == "Dataset":  # some import it from here, and it takes longer to load
        from aml_magics.sdk.dataset import Dataset

        return Dataset
    return _refuse(name)
