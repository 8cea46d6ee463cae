"""The packages of an environment."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import yaml
from packaging.requirements import Requirement

from aml_magics._version import SDK_VERSION
from aml_magics.errors import InvalidRequirementError
from aml_magics.records.secret import mask
from aml_magics.services.environment.conda_package import split_conda
from aml_magics.services.environment.plan import DEFAULT_PYTHON
from aml_magics.services.environment.requirement import checked_line
from aml_magics.services.environment.specification import (
    checked_conda,
    read_conda_file,
    read_requirements,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

PYTHON_DEFAULT_VERSION: Final = DEFAULT_PYTHON
DEFAULT_PIP_PACKAGES: Final = ("azureml-defaults",)
DEFAULT_CHANNELS: Final = ("anaconda", "conda-forge")
DEFAULT_NAME: Final = "project_environment"
DEFAULT_SDK_ORIGIN: Final = ""
"""The index of the SDK's packages; empty, since aml_magics replaces them."""

DEFAULT_NUMBER_OF_CONDA_PACKAGES: Final = 1
DEFAULT_NUMBER_OF_PIP_PACKAGES: Final = len(DEFAULT_PIP_PACKAGES)
CONDA_FILE: Final = "conda_dependencies.yml"

_HEAD: Final = """\
# Conda environment specification. The dependencies in this file are provisioned
# for runs with userManagedDependencies=False, from PyPI unless conda is asked for.

"""
_PIP_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_SDK_PIN: Final = SDK_VERSION.partition("+")[0]


class CondaDependencies:
    """Conda and pip packages of an environment, with a Python version and channels.

    ``CondaDependencies()`` has Python and azureml-defaults, as Azure's does.

    Args:
        conda_dependencies_file_path: a conda file to read.
        _underlying_structure: the content of one.

    Raises:
        InvalidEnvironmentError: the file cannot be read, or has another form.
    """

    def __init__(
        self,
        conda_dependencies_file_path: str | os.PathLike[str] | None = None,
        _underlying_structure: Mapping[str, Any] | None = None,
    ) -> None:
        if conda_dependencies_file_path is not None:
            self._content = read_conda_file(conda_dependencies_file_path)
        elif _underlying_structure is not None:
            self._content = checked_conda(copy.deepcopy(dict(_underlying_structure)), "given")
        else:
            pip = [*DEFAULT_PIP_PACKAGES]
            self._content = {
                "name": DEFAULT_NAME,
                "dependencies": [f"python={PYTHON_DEFAULT_VERSION}", {"pip": pip}],
                "channels": [*DEFAULT_CHANNELS],
            }

    @staticmethod
    def create(
        pip_indexurl: str | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_packages: Sequence[str] | None = None,
        python_version: str = PYTHON_DEFAULT_VERSION,
        pin_sdk_version: bool = True,
    ) -> CondaDependencies:
        """Dependencies from lists of packages.

        Args:
            pip_indexurl: the index for pip packages; building asks you to allow it.
            pip_packages: azureml-defaults if None.
            conda_packages: none if None.
            python_version: recorded; the current Python is used if it is not installed.
            pin_sdk_version: whether azureml packages are pinned to the SDK's version.
        """
        made = CondaDependencies()
        made._pip[:] = []
        made.set_python_version(python_version)
        if pip_indexurl:
            made.set_pip_index_url(pip_indexurl)
        for package in _listed(conda_packages, ()):
            made.add_conda_package(package)
        for package in _listed(pip_packages, DEFAULT_PIP_PACKAGES):
            made.add_pip_package(_sdk_pinned(package) if pin_sdk_version else package)
        return made

    @property
    def _dependencies(self) -> list[Any]:
        found: list[Any] = self._content["dependencies"]
        return found

    @property
    def _pip(self) -> list[str]:
        """The pip section itself, created if missing."""
        for entry in self._dependencies:
            if isinstance(entry, dict):
                if entry["pip"] is None:
                    entry["pip"] = []
                found: list[str] = entry["pip"]
                return found
        self._dependencies.append({"pip": []})
        made: list[str] = self._dependencies[-1]["pip"]
        return made

    @property
    def conda_packages(self) -> list[str]:
        """Conda packages with their pins, without Python."""
        names = [entry for entry in self._dependencies if isinstance(entry, str)]
        return [one for one in names if _conda_name(one) != "python"]

    @property
    def conda_channels(self) -> list[str]:
        """The channels; recorded, and used when conda builds."""
        return list(self._content.get("channels") or [])

    @property
    def pip_packages(self) -> list[str]:
        """Pip packages with their pins, without options."""
        return [line for line in self._pip_lines() if not line.startswith("-")]

    @property
    def pip_options(self) -> list[str]:
        """Options of pip, such as ``--index-url …``."""
        return [line for line in self._pip_lines() if line.startswith("-")]

    @property
    def python_version(self) -> str | None:
        """The recorded Python version."""
        return self.get_python_version()

    def get_python_version(self) -> str | None:
        """The recorded Python version, or None."""
        for entry in self._dependencies:
            if isinstance(entry, str) and _conda_name(entry) == "python":
                return split_conda(entry)[1].lstrip("=") or None
        return None

    def set_python_version(self, version: str) -> None:
        """Record a Python version, such as ``3.12``."""
        rest = [
            one
            for one in self._dependencies
            if not (isinstance(one, str) and _conda_name(one) == "python")
        ]
        pin = version if version[:1] in "<>=!" else f"={version}"
        self._dependencies[:] = [f"python{pin}", *rest]

    def add_channel(self, channel: str) -> None:
        """Add a conda channel."""
        if channel not in self.conda_channels:
            self._content["channels"] = [*self.conda_channels, channel]

    def remove_channel(self, channel: str) -> None:
        """Remove a conda channel."""
        left = [one for one in self.conda_channels if one != channel]
        self._content["channels"] = left

    def add_conda_package(self, conda_package: str) -> None:
        """Add a package, ``scikit-learn`` or ``numpy=1.26``; it replaces one of the same name.

        Raises:
            InvalidRequirementError: not a package.
        """
        name, _ = split_conda(_text(conda_package))
        if name == "python":
            self.set_python_version(split_conda(conda_package)[1])
            return
        self.remove_conda_package(name)
        index = next(
            (n for n, one in enumerate(self._dependencies) if isinstance(one, dict)),
            len(self._dependencies),
        )
        self._dependencies.insert(index, conda_package.strip())

    def remove_conda_package(self, conda_package: str) -> None:
        """Remove a package by name."""
        name = _conda_name(conda_package)
        self._dependencies[:] = [
            one
            for one in self._dependencies
            if not (isinstance(one, str) and _conda_name(one) == name)
        ]

    def add_pip_package(self, pip_package: str) -> None:
        """Add a package, ``pandas`` or ``pandas==2.2``; it replaces one of the same name."""
        self.remove_pip_package(_text(pip_package))
        self._pip.append(pip_package.strip())

    def remove_pip_package(self, pip_package: str) -> None:
        """Remove a package by name."""
        name = _pip_name(pip_package)
        self._pip[:] = [one for one in self._pip if _pip_name(one) != name]

    def set_pip_requirements(self, pip_requirements: Sequence[str]) -> None:
        """Replace all pip packages and options."""
        self._pip[:] = [_text(line).strip() for line in pip_requirements]

    def set_pip_option(self, pip_option: str) -> None:
        """Add an option of pip, or replace one of the same name; building asks you to allow it."""
        self.remove_pip_option(_text(pip_option).split("=")[0].split()[0])
        self._pip.insert(0, pip_option.strip())

    def remove_pip_option(self, pip_option: str) -> None:
        """Remove an option of pip by name."""
        name = re.split(r"[ =]", pip_option.strip())[0]
        self._pip[:] = [one for one in self._pip if re.split(r"[ =]", one)[0] != name]

    def set_pip_index_url(self, index_url: str) -> None:
        """Set the index for pip packages, ``https://…`` or ``--index-url https://…``."""
        option = index_url if index_url.startswith("-") else f"--index-url {index_url}"
        self.set_pip_option(option)

    def add_tensorflow_conda_package(
        self, core_type: str = "CPU", version: str | None = None
    ) -> None:
        """Add TensorFlow from conda; ``core_type`` is CPU or GPU."""
        pin = f"={version}" if version else ""
        self.add_conda_package(f"{_cored('tensorflow', core_type)}{pin}")

    def add_tensorflow_pip_package(
        self, core_type: str = "CPU", version: str | None = None
    ) -> None:
        """Add TensorFlow from PyPI; one package serves CPU and GPU there."""
        _cored("tensorflow", core_type)
        self.add_pip_package(f"tensorflow=={version}" if version else "tensorflow")

    def add_cntk_package(self, core_type: str = "CPU") -> None:
        """Add CNTK, which is only recorded; it has no build for a current Python."""
        self.add_pip_package(_cored("cntk", core_type))

    @staticmethod
    def merge_requirements(requirements: Iterable[str]) -> list[str]:
        """One line per package, with the bounds of all its lines: a>1, a<2 become a<2,>1.

        Raises:
            InvalidRequirementError: a line is not a requirement.
        """
        merged: dict[str, Requirement] = {}
        for line in requirements:
            one = Requirement(checked_line(line))
            kept = merged.setdefault(one.name.lower(), one)
            kept.specifier &= one.specifier
            kept.extras |= one.extras
        return [str(one) for one in merged.values()]

    @staticmethod
    def get_default_number_of_packages() -> int:
        """The number of packages of ``CondaDependencies()``."""
        return DEFAULT_NUMBER_OF_CONDA_PACKAGES + DEFAULT_NUMBER_OF_PIP_PACKAGES

    @staticmethod
    def sdk_origin_url() -> str:
        """The index of the SDK's packages: empty, since aml_magics replaces them."""
        return DEFAULT_SDK_ORIGIN

    def as_dict(self) -> dict[str, Any]:
        """The content of the conda file."""
        return copy.deepcopy(self._content)

    def serialize_to_string(self) -> str:
        """The conda file as YAML."""
        order = [name for name in ("name", "dependencies", "channels") if name in self._content]
        rest = [name for name in self._content if name not in order]
        content = {name: self._content[name] for name in (*order, *rest)}
        text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        return _HEAD + text

    def save(self, path: str | os.PathLike[str] | None = None) -> str:
        """Write the conda file and return its path.

        Args:
            path: a file, or a folder for ``conda_dependencies.yml``.
        """
        target = Path(path or CONDA_FILE)
        if target.is_dir():
            target /= CONDA_FILE
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.serialize_to_string(), encoding="utf-8")
        return str(target)

    def save_to_file(
        self, base_directory: str | os.PathLike[str], conda_file_path: str | None = None
    ) -> str:
        """Write the conda file into a folder and return its path there."""
        name = conda_file_path or CONDA_FILE
        self.save(Path(base_directory) / name)
        return name

    def to_dict(self) -> dict[str, Any]:
        """The same as :meth:`as_dict`; a section calls it on its parts."""
        return self.as_dict()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Dependencies from the content of a conda file."""
        return cls(_underlying_structure=data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CondaDependencies) and self._content == other._content

    __hash__ = None  # type: ignore[assignment] # it can be changed

    def __repr__(self) -> str:
        """The conda file, without passwords."""
        return mask(self.serialize_to_string())

    def _pip_lines(self) -> list[str]:
        found = [one["pip"] or [] for one in self._dependencies if isinstance(one, dict)]
        return [line for lines in found for line in lines]


def pip_dependencies(path: str | os.PathLike[str], pip_version: str | None) -> CondaDependencies:
    """Dependencies from a requirements file.

    Raises:
        InvalidEnvironmentError: it cannot be read.
    """
    made = CondaDependencies()
    made._pip[:] = read_requirements(path)
    made.add_conda_package(f"pip={pip_version}" if pip_version else "pip")
    return made


def _listed(packages: Sequence[str] | None, default: Sequence[str]) -> Sequence[str]:
    if packages is None:
        return default
    return [packages] if isinstance(packages, str) else packages


def _text(package: object) -> str:
    if not isinstance(package, str) or not package.strip():
        raise InvalidRequirementError(
            f"A package is text such as 'scikit-learn' or 'numpy=1.26', not {package!r:.60}."
        )
    return package


def _conda_name(spec: str) -> str:
    try:
        return split_conda(spec)[0]
    except InvalidRequirementError:  # said when it is added, or built
        return spec.strip().lower()


def _pip_name(line: str) -> str:
    match = None if re.match(r"\s*\w+:", line) else _PIP_NAME.match(line)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else line.strip()


def _sdk_pinned(package: str) -> str:
    is_bare = re.fullmatch(r"azureml-[\w.-]+(?:\[[\w,.-]+\])?", package.strip())
    return f"{package.strip()}~={_SDK_PIN}" if is_bare else package


def _cored(name: str, core_type: str) -> str:
    kind = str(core_type).lower()
    if kind not in ("cpu", "gpu"):
        raise InvalidRequirementError(f"core_type is CPU or GPU, not {core_type!r:.60}.")
    return f"{name}-gpu" if kind == "gpu" else name
