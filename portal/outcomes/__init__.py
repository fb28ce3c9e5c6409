"""Measured results, their arithmetic, and what may be shown of them to whom."""
