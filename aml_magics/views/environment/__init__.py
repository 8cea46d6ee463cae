"""Views of environments."""
