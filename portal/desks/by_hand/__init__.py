"""One provider, offer or contract at a time, made or mended by hand; mergers; contracts that end."""
