"""Management of runs: names, notes, tags and marks; deletion."""
