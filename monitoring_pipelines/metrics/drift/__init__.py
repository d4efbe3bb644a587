"""Change of a distribution between the reference and the analysis period."""
