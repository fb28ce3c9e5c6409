"""What families look for and do not find, and where they have no choice, for staff of the region."""
