"""What everybody does with the own account."""
