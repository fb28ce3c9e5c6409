"""From approved to published: in batches, and averages in steps."""
