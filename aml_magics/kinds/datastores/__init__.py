"""Where data can lie; a file each."""
