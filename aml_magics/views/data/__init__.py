"""What is shown of datasets and files."""
