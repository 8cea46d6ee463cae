"""What can be done with a run: start it, log to it, end it, find it again."""
