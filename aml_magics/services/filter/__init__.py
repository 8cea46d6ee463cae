"""One language to choose runs, rows and files by."""
