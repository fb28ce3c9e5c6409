"""Experiences of families: invitations, what they say, moderation, the provider's answer."""
