"""What the controllers of sweeps and of pipelines share."""
