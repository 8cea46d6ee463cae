"""How files are read as a table; a file each."""
