"""Files of models that can be described without being loaded, one kind of file each."""
