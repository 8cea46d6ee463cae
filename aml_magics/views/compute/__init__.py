"""What screens show of compute targets."""
