"""Datasets of files and of tables, and their factories."""
