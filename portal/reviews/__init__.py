"""What families tell of help that they had: verified by a code, safe to tell, read by people, answered."""
