"""A question in, a page of results out."""
