"""The workspace, its key vault and authentication."""
