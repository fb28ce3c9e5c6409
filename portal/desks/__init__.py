"""Signed-in pages of the three audiences."""
