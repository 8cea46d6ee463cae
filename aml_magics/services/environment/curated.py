"""Azure's curated environments, with packages that can be installed today.

Azure's names contain versions that are no longer built for current Pythons. So each has its framework and the
packages that come with it, in current versions. What Azure says of curated environments:
https://learn.microsoft.com/azure/machine-learning/concept-environments
"""

from __future__ import annotations

from typing import Any, Final

from aml_magics.records.environment import Definition, EnvironmentRecord, content_digest
from aml_magics.services.environment.requirement import current_minor

_BASE: Final = ("azureml-defaults",)
_DATA: Final = ("numpy", "pandas", "scipy", "scikit-learn", "joblib", "matplotlib")
_TORCH: Final = (
    "torch",
    "torchvision",
    "numpy",
    "pandas",
    "scikit-learn",
    "matplotlib",
    "tensorboard",
)
_ACPT: Final = (*_TORCH, "transformers", "datasets", "accelerate")
_TENSORFLOW: Final = ("tensorflow", "numpy", "pandas", "scikit-learn", "matplotlib")
_BOOST: Final = ("lightgbm", "xgboost", "dask", *_DATA)
_SERVED: Final = ("numpy", "pandas", "joblib", "scikit-learn")

_FAMILIES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    ((), "Minimal"),
    ((*_DATA, "pyarrow"), "Tutorial"),
    (_DATA,
     """Designer Scikit-learn-0.20.3 sklearn-0.24-ubuntu18.04-py37-cpu sklearn-1.0-ubuntu20.04-py38-cpu
     sklearn-1.5"""),
    (_SERVED, "sklearn-0.24.1-ubuntu18.04-py37-cpu-inference"),
    (_BOOST, "AutoML AutoML-GPU lightgbm-3.2-ubuntu18.04-py37-cpu lightgbm-3.3"),
    (("xgboost", *_SERVED), "xgboost-0.9-ubuntu18.04-py37-cpu-inference"),
    (_TORCH,
     """PyTorch-1.3-CPU PyTorch-1.3-GPU PyTorch-1.4-CPU PyTorch-1.4-GPU PyTorch-1.5-CPU PyTorch-1.5-GPU
     PyTorch-1.6-CPU PyTorch-1.6-GPU pytorch-1.7-ubuntu18.04-py37-cuda11-gpu
     pytorch-1.9-ubuntu18.04-py37-cuda11-gpu pytorch-1.10-ubuntu18.04-py38-cuda11-gpu"""),
    (_ACPT, "ACPT-pytorch-1.13-py38-cuda11.7-gpu acpt-pytorch-1.11-cuda11.3 acpt-pytorch-2.2-cuda12.1"),
    (_TENSORFLOW,
     """TensorFlow-1.13-CPU TensorFlow-1.13-GPU TensorFlow-2.0-CPU TensorFlow-2.0-GPU TensorFlow-2.1-CPU
     TensorFlow-2.1-GPU TensorFlow-2.2-CPU TensorFlow-2.2-GPU TensorFlow-2.3-CPU TensorFlow-2.3-GPU
     tensorflow-2.4-ubuntu18.04-py37-cuda11-gpu tensorflow-2.7-ubuntu20.04-py38-cuda11-gpu
     tensorflow-2.11-cuda11 tensorflow-2.12-cuda11 tensorflow-2.16-cuda12"""),
    (("numpy",), "Triton"),
    ((*_DATA, "fairlearn", "interpret-community"), "responsibleai-0.21-ubuntu20.04-py38-cpu"),
)  # fmt: skip
"""Packages, and the environments that have them, without ``AzureML-``."""

_PACKAGES: Final = {
    f"AzureML-{name}": packages for packages, names in _FAMILIES for name in names.split()
}
_SPELT: Final = {name.lower(): name for name in _PACKAGES}

LAST_VERSION: Final = 1


def curated_names() -> list[str]:
    """The names, in Azure's spelling."""
    return list(_PACKAGES)


def curated(name: str) -> EnvironmentRecord | None:
    """The environment with a name, in any letter case, or None."""
    spelt = _SPELT.get(name.lower())
    if spelt is None:
        return None
    definition = _definition(spelt)
    return EnvironmentRecord(
        spelt, LAST_VERSION, content_digest(definition), created=0.0, definition=definition
    )


def _definition(name: str) -> Definition:
    dependencies: list[Any] = [f"python={current_minor()}", {"pip": [*_BASE, *_PACKAGES[name]]}]
    content = {"name": name, "channels": ["conda-forge"], "dependencies": dependencies}
    python = {"condaDependencies": content, "userManagedDependencies": False}
    return {"name": name, "version": str(LAST_VERSION), "python": python}
