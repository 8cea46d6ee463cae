"""Datastores, paths and references to them."""
