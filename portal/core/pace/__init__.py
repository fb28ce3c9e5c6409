"""How quickly one network may ask, for all processes of a machine together, without storing who asked.

Why so, and why the numbers are what they are: `docs/decisions/0020-questions-keep-a-pace.md`.
"""
