"""The metric journal of a run, and the chunks that it becomes."""
