"""What steps run that are no script of the user: a notebook, a transfer of data."""
