"""Benchmarks of data: reading, profiles, registration, copies."""
