"""Cells and scripts that run in a process of their own."""
