"""Sweeps: their parameters, their trials."""
