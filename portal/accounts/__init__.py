"""People, what they may do, and signing in."""
