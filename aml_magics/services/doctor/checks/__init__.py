"""What the doctor looks at: one file a check, found by listing this folder."""
