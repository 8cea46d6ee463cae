"""Sweeps, with the names of Azure's HyperDrive."""
