"""Compute targets: made, found, changed, deleted; and the nodes of each."""
