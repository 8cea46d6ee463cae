"""Profiles of a table's columns."""
