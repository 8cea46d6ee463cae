"""The tables of pipelines."""
