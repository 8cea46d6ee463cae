"""Commands that change runs: names, notes, tags and marks; deletion."""
