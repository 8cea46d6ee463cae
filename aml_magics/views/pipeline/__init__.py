"""What a screen shows of pipelines."""
