"""What screens show of sweeps."""
