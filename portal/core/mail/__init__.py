"""Mail: an outbox in the database, and what empties it.

Whoever changes something posts the mail about it in the same transaction; `portal serve` sends it. What becomes of a
mail that may or may not have arrived: `docs/decisions/0008-no-mail-is-sent-twice.md`.
"""
