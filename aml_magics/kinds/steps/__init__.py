"""Kinds of steps of pipelines, one file each."""
