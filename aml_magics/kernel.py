"""The kernel "Azure ML (local)": IPython's kernel, in which old notebooks run unchanged.

It loads the magics, answers ``import azureml``, adds numpy's old names, and lets ``pip install`` skip
Microsoft's packages. An environment variable for each turns it off.
"""

from __future__ import annotations

import os

from aml_magics import _namespace
from aml_magics.compat import aml_magics_start


def main() -> None:
    """Run the kernel; ``!python script.py`` in it finds ``azureml`` too."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    _namespace.take()
    _namespace.give_to_children(os.environ)  # type: ignore[arg-type]
    os.environ.setdefault(_namespace.OLD_NUMPY, "1")
    os.environ.setdefault(aml_magics_start.WITHOUT_AZUREML, "1")
    aml_magics_start.start()
    config = Config({"InteractiveShellApp": {"extra_extensions": ["aml_magics"]}})
    IPKernelApp.launch_instance(config=config)


if __name__ == "__main__":
    main()
