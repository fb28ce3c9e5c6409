"""Files brought in at the region's desk: looked at first, then imported; what was brought in before, and undoing it."""
