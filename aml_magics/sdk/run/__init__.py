"""Experiments and runs, as Azure names them."""
