"""A believable fictional region: the texts in `region/` as a data package with dates around today."""
