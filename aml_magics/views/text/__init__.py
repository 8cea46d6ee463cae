"""Values as text: numbers, times, identifiers, terminals."""
