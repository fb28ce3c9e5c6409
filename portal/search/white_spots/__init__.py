"""What families look for and do not find, counted without a trace of who asked.

Why it is built as it is: `docs/decisions/0006-white-spots-are-counted-blind.md`.
"""
