"""Datastores, datasets, their columns and profiles, and which runs used them."""
