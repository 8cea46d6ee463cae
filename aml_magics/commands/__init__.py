"""What can be typed, in a notebook and in a shell: one file a command."""
