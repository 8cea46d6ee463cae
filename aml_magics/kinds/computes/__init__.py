"""Kinds of compute targets: one file each."""
