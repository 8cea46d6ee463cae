"""Web services, as Azure ML SDK v1 names them."""
