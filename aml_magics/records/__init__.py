"""Domain records: frozen dataclasses, enums and rules. Nothing here does I/O."""
