"""Datastores and the files in them."""
