"""Processes of this machine and what they left behind: the queue, exit codes, marks, cleanup."""
