"""The kinds of steps with the names of Azure ML."""
