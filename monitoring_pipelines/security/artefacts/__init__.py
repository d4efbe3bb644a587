"""Looks into model files without loading them: nothing that a file says is run."""
