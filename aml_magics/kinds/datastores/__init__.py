"""Datastore kinds, one file each."""
