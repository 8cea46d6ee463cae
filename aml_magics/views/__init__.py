"""View builders: pure functions from the store to plain, frozen, JSON-ready data."""
