"""Workspaces: made, opened, trusted, removed; their secrets and tokens."""
