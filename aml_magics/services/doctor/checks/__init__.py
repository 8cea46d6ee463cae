"""The doctor's checks: one file each, found by listing this folder."""
