"""Formats that read files as tables, one file each."""
