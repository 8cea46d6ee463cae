"""One file for each table of the catalogue."""
