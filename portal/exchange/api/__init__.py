"""The open-data API: the catalogue as JSON for other programs, read-only and without a key."""
