"""Choosing: a list without account, offers side by side, help to choose, and the sheet for the conversation."""
