"""Dagster's remarks on its own young features, silenced around our own calls and nowhere else."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg


@contextmanager
def young_features() -> Iterator[None]:
    """Use what Dagster calls beta or preview; whoever monitors a model did not choose it."""
    with warnings.catch_warnings():
        for category in (dg.BetaWarning, dg.PreviewWarning, dg.SupersessionWarning):
            warnings.simplefilter("ignore", category)
        yield
