"""Tabular datasets: reading, filtering by time, profiles, writing."""
