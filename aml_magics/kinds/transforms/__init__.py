"""What can be done to the rows of a table; a file each."""
