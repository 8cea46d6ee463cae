"""The face for the shell: `aml-magics` and what only a shell can do."""
