"""Modules: the code of a step under a name, in versions."""
