"""The controller of a sweep, a process of its own."""
