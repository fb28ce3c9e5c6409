"""What anybody says is not right on a page ("dit klopt niet"), and what the region did about it."""
