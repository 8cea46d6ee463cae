"""The operations on runs: start, log, end and find them."""
