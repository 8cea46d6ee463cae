"""Environments: definitions, resolution, locks and builds."""
