"""What everybody sees of experiences: on pages, in open data."""
