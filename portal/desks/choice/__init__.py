"""How often families had a real choice: counted by access workers, told only in numbers that hide every family."""
