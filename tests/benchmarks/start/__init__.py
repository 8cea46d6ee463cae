"""Benchmarks of what comes before the first run: imports, stores, environments."""
