"""Values as JSON and as text: numbers, times, ids, characters, terminal output."""
