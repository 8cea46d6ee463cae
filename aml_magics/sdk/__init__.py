"""Thin handles with the names and the behaviour of Azure ML SDK v1."""
