"""The driver of a step over mini-batches, and its worker processes."""
