"""The profile of a table's columns."""
