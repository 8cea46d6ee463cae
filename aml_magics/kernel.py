"""The kernel "Azure ML (local)": IPython's own, with the magics loaded and ``azureml`` given by aml_magics."""

from __future__ import annotations

import os

from aml_magics import _namespace


def main() -> None:
    """Run the kernel; ``!python script.py`` in it finds ``azureml`` too."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    _namespace.take()
    _namespace.give_to_children(os.environ)  # type: ignore[arg-type]
    config = Config({"InteractiveShellApp": {"extra_extensions": ["aml_magics"]}})
    IPKernelApp.launch_instance(config=config)


if __name__ == "__main__":
    main()
