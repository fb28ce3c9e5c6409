"""The security log: who signed in, what was refused. No address of a visitor, no code, no word that somebody typed."""
