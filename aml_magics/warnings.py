"""Every warning of the product: the work goes on, and this should be known.

::

    AmlWarning                      the work goes on, and this should be known
    ├── StoreFullWarning            points are held in memory until there is room
    ├── QuarantineWarning           a bad record was set aside, the others were read
    ├── EstimatorWarning            an older class that a newer one took the place of
    ├── DataChangedWarning          files are not those that a version of a dataset was registered with
    ├── InvalidValueWarning         values that are not of their column's type were read as missing
    ├── ModuleDeprecatedWarning     a step uses a module, or a version of one, that is deprecated
    ├── ModelFilesWarning           a version of a model is registered, and its files could not be had
    ├── NetworkFilesystemWarning    SQLite on a network file system
    └── OpenFolderWarning           a folder of workspaces is not this user's alone
"""

from __future__ import annotations

import sys
import warnings

from aml_magics.errors import is_installed


class AmlWarning(UserWarning):
    """The work goes on, and the user should know why it may not be whole."""


class StoreFullWarning(AmlWarning):
    """Points are held in memory until the device has room again."""


class QuarantineWarning(AmlWarning):
    """A bad record was set aside; all others were read."""


class EstimatorWarning(AmlWarning):
    """An older class of the SDK, for which there is a newer one."""


class DataChangedWarning(AmlWarning):
    """Files of a dataset are not those that its version was registered with."""


class InvalidValueWarning(AmlWarning):
    """Values of a column are not of its type, and were read as missing."""


class ModuleDeprecatedWarning(AmlWarning):
    """A step uses a module, or a version of one, that is deprecated."""


class ModelFilesWarning(AmlWarning):
    """A version of a model is registered, and its files could not be had."""


class NetworkFilesystemWarning(AmlWarning):
    """The embedded store lies on a network file system."""


class OpenFolderWarning(AmlWarning):
    """A folder of workspaces is not this user's alone."""


def warn_caller(message: str, category: type[AmlWarning]) -> None:
    """Warn at the line that called aml_magics, however deep the cause is."""
    frame, level = sys._getframe(1), 2  # noqa: SLF001 -- skip_file_prefixes came with Python 3.12
    while frame.f_back is not None and is_installed(frame.f_code.co_filename):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
