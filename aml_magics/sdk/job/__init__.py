"""Submitted scripts and their configuration."""
