"""What staff of a region change in code lists and in families' words, laid over the files (docs/decisions/0018)."""
