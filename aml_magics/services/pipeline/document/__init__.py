"""A pipeline as a YAML file: read with the line of each mistake, and written."""
