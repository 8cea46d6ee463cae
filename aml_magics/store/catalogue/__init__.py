"""The catalogue: connections, transactions, schema migrations."""
