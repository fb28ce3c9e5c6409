"""Families' words and code lists, edited by staff of a region, with a preview of what that does to search."""
