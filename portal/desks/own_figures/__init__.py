"""A provider looks at its own figures before others see them, objects and explains."""
