"""Datasets: registered, found, mounted, given to runs and kept by them."""
