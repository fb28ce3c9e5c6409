"""Proving who one is: passwords, one-time codes, sign-ins and the pages for them."""
