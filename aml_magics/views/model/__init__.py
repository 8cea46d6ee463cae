"""What screens show of registered models."""
