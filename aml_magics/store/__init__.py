"""Where things are kept: the catalogue, the metric journals and the artifacts."""
