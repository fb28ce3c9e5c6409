"""Figures that the region shows to access teams and referrers before everybody: search, compare, look."""
