"""Web services: the table of them, and one with its replicas, revisions, load and log."""
