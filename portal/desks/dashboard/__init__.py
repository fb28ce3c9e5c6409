"""How it goes in the region: real choice, where there is any, waiting times, and who told how it was."""
