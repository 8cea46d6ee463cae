"""Cells that are steps of a pipeline."""
