"""Views of runs side by side."""
