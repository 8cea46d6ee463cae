"""Storage of a workspace: the catalogue, the metric journals and the artifacts."""
