"""Commands of web services."""
