"""Pipelines with Azure ML's names."""
