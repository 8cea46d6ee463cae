"""Workspaces: creation, opening, trust, removal; their secrets and tokens."""
