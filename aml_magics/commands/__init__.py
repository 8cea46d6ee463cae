"""The commands of notebook and shell, one file each."""
