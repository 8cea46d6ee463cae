"""Views of a workspace."""
