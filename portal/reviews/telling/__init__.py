"""The questionnaire: from a code to an experience."""
