"""Programs of their own process: the scheduler that begins submitted runs, and the worker of each."""
