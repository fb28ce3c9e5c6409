"""Mails that ask a provider whether what families read is still right, and what the region sees of them."""
