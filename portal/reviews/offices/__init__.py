"""Access teams and certified institutions: who they are, and the pages on which families tell of them."""
