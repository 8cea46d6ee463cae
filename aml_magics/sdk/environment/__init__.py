"""Environments and the packages that they name."""
