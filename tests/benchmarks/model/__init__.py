"""Benchmarks of models: what it costs to list and to find them."""
