"""From a question to a choice with a family at the table: search, a list for this conversation, and its sheet."""
