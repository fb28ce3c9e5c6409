"""Plumbing that knows nothing about care: settings, database, languages, headers, errors, logs, clock."""
