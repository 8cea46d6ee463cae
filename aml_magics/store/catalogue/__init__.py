"""The catalogue: connections, transactions, its schema's versions."""
