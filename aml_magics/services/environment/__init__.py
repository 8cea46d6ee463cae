"""Environments: what they ask for, how they are resolved, locked and built."""
