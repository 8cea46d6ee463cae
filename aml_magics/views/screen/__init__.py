"""What every screen has: questions, followers, bundles and snapshots."""
