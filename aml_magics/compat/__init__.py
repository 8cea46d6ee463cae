"""Code that was written for other packages: their names, at their import paths."""
