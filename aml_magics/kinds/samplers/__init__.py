"""Samplers of sweeps, one file each."""
