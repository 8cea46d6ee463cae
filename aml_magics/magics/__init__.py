"""The cell face: ``%%aml_run`` and ``%aml``, each parsing its line and making one call."""
