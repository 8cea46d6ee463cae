"""Views of datasets and files."""
