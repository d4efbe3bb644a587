"""Performance without labels: what the scores of a window say, by what they said before."""
