"""Cells and scripts that run in a separate process."""
