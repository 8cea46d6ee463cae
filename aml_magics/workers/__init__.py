"""Separate processes: the scheduler that starts submitted runs, and one worker per run."""
