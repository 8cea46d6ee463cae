"""Datasets given to runs, and made by them."""
