"""A copy of a running installation, and the way back."""
