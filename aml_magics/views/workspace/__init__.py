"""What is shown of a workspace."""
