"""The process that looks after the schedules of pipelines."""
