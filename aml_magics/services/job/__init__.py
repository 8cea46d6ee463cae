"""Scripts that run in their own process."""
