"""Pipelines: compiled, submitted, reused, published and scheduled."""
