"""The cell that is a run: its start, its output, its source, its end."""
