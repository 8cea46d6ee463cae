"""One file per group of catalogue tables."""
