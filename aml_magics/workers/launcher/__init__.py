"""The process of a script before it is one, and what it has imported for a cell."""
