"""Programs of their own process: the hub that begins submitted runs, and the worker of each."""
