"""Processes of this machine and their traces: the queue, exit codes and marks."""
