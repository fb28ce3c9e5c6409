"""Signing in through one's own organisation, such as a municipality."""
