"""What the designer of pipelines shows and asks."""
