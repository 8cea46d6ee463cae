"""One filter language for runs, rows and files."""
