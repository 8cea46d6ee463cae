"""The process that answers REST requests for the pipelines of a workspace."""
