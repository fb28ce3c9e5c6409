"""Counting attempts, exactly and for all workers together, without storing who made them.

How, and why nobody is locked out for good: `docs/decisions/0009-attempts-are-counted-blind.md`.
"""
