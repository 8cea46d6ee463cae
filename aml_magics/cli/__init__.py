"""The command line: ``aml-magics``, and the commands that only a shell has."""
