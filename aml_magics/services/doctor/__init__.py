"""Diagnoses an installation or a workspace."""
