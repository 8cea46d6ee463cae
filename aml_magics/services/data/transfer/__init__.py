"""Files copied between this machine and a datastore."""
