"""Who offers what, where, under which contract, how soon."""
