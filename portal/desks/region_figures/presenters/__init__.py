"""Pages of the region about figures, ready for a template."""
