"""A cell as a run: its start, output, source and end."""
