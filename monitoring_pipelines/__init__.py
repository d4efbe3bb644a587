"""Scheduled, calibrated monitoring of machine-learning models as Dagster assets."""

__version__ = "0.1.0"
