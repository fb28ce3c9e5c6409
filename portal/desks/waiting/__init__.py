"""Waiting times and stops: a provider confirms or changes them, at its desk or from the link of a mail."""
