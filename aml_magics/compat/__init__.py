"""Names and import paths of other packages, for code that was written for them."""
