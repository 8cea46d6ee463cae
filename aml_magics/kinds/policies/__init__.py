"""Early termination policies of sweeps, one file each."""
