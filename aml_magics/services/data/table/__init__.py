"""Files and queries read as tables."""
