"""Environments and their packages."""
