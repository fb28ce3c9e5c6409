"""Which words and topics led families to a provider, at its own desk."""
