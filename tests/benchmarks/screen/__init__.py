"""Benchmarks of what a browser gets and paints."""
