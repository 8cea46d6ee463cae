"""Files of a workspace: content-addressed, atomic, private."""
