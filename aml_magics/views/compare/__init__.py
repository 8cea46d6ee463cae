"""What is shown of runs beside each other."""
