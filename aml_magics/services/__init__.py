"""The verbs of the product: plain functions whose first argument is the store. The only writers."""
