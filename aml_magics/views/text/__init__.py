"""Values as JSON and as text: numbers, times, identifiers, letters, terminals."""
