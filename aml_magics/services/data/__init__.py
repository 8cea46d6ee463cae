"""Datasets: registration, lookup, mounts, and their use by runs."""
