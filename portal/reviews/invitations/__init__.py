"""Codes that families get: made, printed and counted."""
