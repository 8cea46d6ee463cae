"""Optional packages: each comes with an extra, as in ``aml-magics[data]``.

Code imports them through this module, so every message about a missing package names the feature
that needs it and the line that installs it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DependencyError

if TYPE_CHECKING:
    from types import ModuleType

EXTRAS: Final = {
    "adlfs": "azure",
    "aiohttp": "http",
    "cryptography": "cluster",
    "dask": "dask",
    "distributed": "cluster",
    "duckdb": "data",
    "gcsfs": "gcs",
    "httptools": "serve",
    "jupyter_server": "lab",
    "jupyterlab": "lab",
    "matplotlib": "demo",
    "mlflow": "mlflow",
    "nbclient": "notebook",
    "nbformat": "notebook",
    "requests": "demo",
    "pandas": "data",
    "optuna": "sweep",
    "paramiko": "sftp",
    "psycopg": "team",
    "pyarrow": "data",
    "pymssql": "sql",
    "pymysql": "sql",
    "pyspark": "spark",
    "s3fs": "s3",
    "sklearn": "demo",
    "smbclient": "smb",
    "tensorboard": "tensorboard",
    "uvloop": "serve",
}
"""The extra that installs a package, by import name.

pandas is always installed with aml_magics; a script's own Python may use aml_magics without it.
"""

_SCHEMES: Final = {
    "abfs": "azure", "abfss": "azure", "az": "azure", "gcs": "gcs", "gs": "gcs", "http": "http", "https": "http",
    "s3": "s3", "s3a": "s3", "sftp": "sftp", "smb": "smb", "ssh": "sftp",
}  # fmt: skip


def optional_module(name: str, feature: str, advice: str = "") -> ModuleType:
    """Import a package of an extra, or a module in it.

    Args:
        name: a module whose first part is a key of :data:`EXTRAS`.
        feature: the feature that needs it; begins the message.
        advice: a sentence that ends the message.

    Raises:
        DependencyError: it is not installed, or cannot be imported.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise missing_package(feature, package, EXTRAS[package], error, advice) from error


def check_module(name: str, feature: str, advice: str = "") -> None:
    """Check that a package is installed, without importing it.

    Raises:
        DependencyError: it is not.
    """
    if find_spec(name) is None:
        absent = ModuleNotFoundError(f"No module named {name!r}", name=name)
        raise missing_package(feature, name, EXTRAS[name], absent, advice)


def missing_package(
    feature: str, package: str, extra: str, error: ImportError, advice: str = ""
) -> DependencyError:
    """Make the error for an import that failed, perhaps in other packages' code.

    Args:
        package: empty if only the extra is known.
        extra: the extra that installs it; empty if none does, and ``error`` says what is missing.
        advice: a sentence that ends the message.
    """
    absent = isinstance(error, ModuleNotFoundError) and error.name in (package, None)
    state = "is not installed" if absent or not package else f"cannot be imported ({error})"
    remedy = pip_line(extra) if extra else str(error)
    message = f"{feature} needs {package or 'a package'}, which {state}: {remedy}"
    return DependencyError(f"{message}. {advice}" if advice else message)


def extra_of(url: str) -> str:
    """The extra that a URL's scheme needs; empty if none or unknown."""
    return _SCHEMES.get(url.partition("://")[0].lower(), "")


def pip_line(extra: str) -> str:
    """The command that installs an extra; the quotes are for shells that read ``[…]`` as a pattern."""
    return f'pip install "aml-magics[{extra}]"'
