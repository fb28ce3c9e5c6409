"""What families chose in the questionnaire, back to who must report it: a provider, a municipality."""
