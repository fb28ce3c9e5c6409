"""What families read of a provider: changed as a draft beside the live page, and approved by the region."""
