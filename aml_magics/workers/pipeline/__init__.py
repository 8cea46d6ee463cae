"""The controller of a pipeline's run, a process of its own."""
