from __future__ import annotations

import json
import sys
from importlib.metadata import version

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from tests.fixtures.source import ROOT


def test_the_kernel_azure_ml_local_gives_azureml_and_the_magics(tmp_path):
    manager = KernelManager(
        kernel_name="aml",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(ROOT / "labextension" / "kernels")]),
    )
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        asked = {
            "version": "__import__('azureml.core').core.VERSION",
            "magic": "'aml_run' in get_ipython().magics_manager.magics['cell']",
            "python": "__import__('sys').executable",
            "child": f"get_ipython().getoutput('{sys.executable} -c \"import azureml.core as c; print(c.VERSION)\"')[-1]",
        }
        reply = client.execute("", silent=True, user_expressions=asked, reply=True, timeout=60)
        said = {
            name: one["data"]["text/plain"].strip("'")
            for name, one in reply["content"]["user_expressions"].items()
        }
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    number = f"1.62.0+aml.magics.{version('aml-magics')}"
    assert said == {
        "version": number,
        "magic": "True",
        "python": sys.executable,
        "child": number,
    }


def test_the_kernel_has_its_name_in_the_launcher():
    spec = json.loads((ROOT / "labextension/kernels/aml/kernel.json").read_text(encoding="utf-8"))

    assert spec["display_name"] == "Azure ML (local)"
