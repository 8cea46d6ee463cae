"""A Python whose path of imports begins with the folder of our ``azureml``."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from aml_magics import _namespace
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"


def python(
    *words: str, path: tuple[str, ...] = (), program: str = sys.executable, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, with more folders behind ours."""
    folders = os.pathsep.join([str(_namespace.FOLDER), str(ROOT), *path])
    return subprocess.run(
        [program, *words],
        env={**os.environ, "PYTHONPATH": folders, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def printed(code: str, *path: str, **variables: str) -> str:
    """What a program that succeeds prints."""
    done = python("-c", code, path=path, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def wheel(folder: Path, name: str, files: dict[str, str], *requires: str) -> Path:
    """A wheel of version 1.0 with some files, as pip installs one."""
    stem = name.replace("-", "_")
    info = f"{stem}-1.0.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    content[f"{info}/RECORD"] = "".join(f"{one},,\n" for one in content)
    path = folder / f"{stem}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in content.items():
            archive.writestr(place, text)
    return path


def microsofts(folder: Path) -> list[Path]:
    """Wheels in the manner of Microsoft's: several that share the name ``azureml``, and need each other."""
    folder.mkdir(exist_ok=True)
    parts = {
        "azureml-core": ["core", "data", "exceptions", "_restclient"],
        "azureml-datadrift": ["datadrift", "datadrift/core"],
        "azureml-train": ["train", "train/hyperdrive"],
        "azureml-widgets": ["widgets"],
        "azureml-rag": ["rag"],
    }
    return [
        wheel(
            folder,
            name,
            {
                "azureml/__init__.py": NAMESPACE,
                **{
                    f"azureml/{one}/__init__.py": f"{NAMESPACE}WHOSE = 'Microsoft'\n"
                    for one in below
                },
            },
            *([] if name == "azureml-core" else ["azureml-core"]),
        )
        for name, below in parts.items()
    ]
