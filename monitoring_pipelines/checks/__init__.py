"""From a number to a verdict."""
