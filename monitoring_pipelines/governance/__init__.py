"""Promises about a model, and proof of what was found. Pure: no clock, no database."""
