"""The journal of a run's metrics, and the chunks that it becomes."""
