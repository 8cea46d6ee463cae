"""What a scoring script needs for raw HTTP."""
