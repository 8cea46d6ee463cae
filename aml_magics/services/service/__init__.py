"""Web services: what can be done with models behind an HTTP endpoint of this machine."""
