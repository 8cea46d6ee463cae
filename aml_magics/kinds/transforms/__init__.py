"""Transforms of table rows, one file each."""
