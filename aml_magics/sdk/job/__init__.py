"""Scripts that are submitted, and their configuration."""
