"""What is shown of environments."""
