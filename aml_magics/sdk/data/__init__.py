"""Datasets and datastores, as Azure names them."""
