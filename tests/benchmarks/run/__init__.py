"""Benchmarks of runs: what they cost, and how many they can be."""
