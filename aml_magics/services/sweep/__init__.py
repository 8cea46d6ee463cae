"""Sweeps: one script, many values of its parameters."""
