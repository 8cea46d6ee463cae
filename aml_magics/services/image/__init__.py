"""Images of models: kept under a name, written as a build context, built where an engine is there."""
