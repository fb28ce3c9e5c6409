"""The trail: who changed what, when and why, in a chain of which no link can be altered or taken out unseen.

How it is kept, and what it cannot show: `docs/decisions/0010-the-trail-is-a-sealed-chain.md`.
"""
