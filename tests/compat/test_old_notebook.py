"""Old notebooks in the kernel "Azure ML (local)": a real one, where Microsoft's packages are installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from aml_magics.compat.aml_magics_start import WITHOUT_AZUREML
from tests.compat.python import microsofts, wheel
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Kernel = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with what ``pip install azureml-sdk`` brings: azureml of somebody else, and ipywidgets 7."""
    target = tmp_path / "installed"
    wheels = microsofts(tmp_path / "wheels")
    wheel(tmp_path / "wheels", "plain", {"plain.py": "NAME = 'plain'\n"})
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, *wheels, "ipywidgets<8", "ipython_genutils"], check=True)
    return target


@pytest.fixture
def kernel(installed: Path, tmp_path: Path) -> Iterator[Kernel]:
    """Executes a cell; what it put out, text of one stream joined."""
    specs = KernelSpecManager(kernel_dirs=[str(ROOT / "labextension" / "kernels")])
    manager = KernelManager(kernel_name="aml", kernel_spec_manager=specs)
    folders = [str(installed), *filter(None, [os.environ.get("PYTHONPATH")])]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    manager.start_kernel(
        cwd=str(tmp_path),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders), "PATH": path},
    )
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)

        def execute(code: str) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []

            def take(message: dict[str, Any]) -> None:
                content = message["content"]
                if message["msg_type"] in ("stream", "display_data", "error"):
                    found.append(content)

            client.execute_interactive(code, timeout=240, output_hook=take)
            return found

        yield execute
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def text(outputs: list[dict[str, Any]]) -> str:
    wrong = [one for one in outputs if "ename" in one]
    assert not wrong, wrong[0]["evalue"]
    return "".join(one.get("text", "") for one in outputs)


def test_an_old_notebook_runs_as_it_is(kernel, tmp_path):
    target = tmp_path / "target"
    pip = f"install --no-index --find-links {tmp_path / 'wheels'} --target {target}"
    first = [
        text(kernel(f"!pip {pip} --upgrade azureml-core 'azureml-widgets[x]>=0.1' plain")),
        text(kernel(f"%pip {pip} azureml-core")),
        text(kernel(f"import sys\n!{{sys.executable}} -m pip {pip} azureml-pipeline")),
        text(kernel(f"pip {pip} azureml-core")),
        text(kernel(f"%%bash\npip {pip} azureml-core")),
    ]
    assert all("since aml_magics gives azureml here" in one for one in first), first
    assert (target / "plain.py").is_file()
    assert not (target / "azureml").exists()

    said = text(
        kernel(
            "import azureml.core, azureml.train, ipywidgets\nfrom azureml.core import Experiment, Run, Workspace\n"
            "from azureml.widgets import RunDetails\nimport numpy as np\n"
            "print(azureml.core.VERSION, ipywidgets.__version__, np.array([1], dtype=np.float).dtype, np.int(2))\n"
            "try:\n    import azureml.automl.core\nexcept ImportError as error:\n    print(error)"
        )
    )
    assert "1.62.0+aml.magics" in said
    assert " 7." in said
    assert "float64 2" in said
    assert "azureml.automl is not available in aml_magics" in said
    assert said.count("AML_MAGICS_NUMPY_ALIASES=0") == 1

    shown = kernel(
        "run = Experiment(Workspace.from_config(), 'e').start_logging()\nrun.log('accuracy', 0.5)\n"
        "RunDetails(run).show()\nrun.complete()"
    )
    [picture] = [one["data"] for one in shown if "data" in one]
    assert "accuracy" in picture["text/html"]
    assert "application/vnd.aml-magics.run+json" in picture
    assert "application/vnd.jupyter.widget-view+json" in picture

    child = "from azureml.core import Run; import numpy; print(numpy.float, Run.__module__)"
    assert "<class 'float'> aml_magics.sdk.run.run" in text(
        kernel(f'!{sys.executable} -c "{child}"')
    )

    kernel(f"%env {WITHOUT_AZUREML}=0")
    assert "Not installed" not in text(kernel(f"!pip {pip} azureml-core"))
    assert (target / "azureml" / "core").is_dir()
