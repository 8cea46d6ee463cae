"""The version of the product, read from the installed package."""

from importlib.metadata import version

VERSION = version("aml-magics")
