"""Datasets that are tables: read, filtered by time, profiled, written."""
