"""Views of a run, of a table of runs, and of a log."""
