"""Its author comes back with the phrase: to see what was decided, change it, ask for a second look, or take it back."""
