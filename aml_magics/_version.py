"""The version of the product, read from the installed package."""

from importlib.metadata import version

VERSION = version("aml-magics")
SDK_VERSION = f"1.62.0+aml.magics.{VERSION}"
"""The version of Azure ML SDK v1 that is matched, with ours appended; ``azureml.core.VERSION``."""
