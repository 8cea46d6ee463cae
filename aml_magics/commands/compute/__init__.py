"""Commands about compute targets."""
