"""Datasets as inputs and outputs of runs."""
