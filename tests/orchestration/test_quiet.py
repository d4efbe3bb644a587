from __future__ import annotations

import warnings

import dagster as dg
import pytest

from monitoring_pipelines.orchestration.quiet import young_features


def test_dagsters_remarks_are_silenced_and_others_are_not() -> None:
    with young_features():
        for category in (dg.BetaWarning, dg.PreviewWarning, dg.SupersessionWarning):
            warnings.warn("young", category, stacklevel=1)
        with pytest.raises(UserWarning, match="ours"):
            warnings.warn("ours", UserWarning, stacklevel=1)
    with pytest.raises(dg.BetaWarning):
        warnings.warn("young", dg.BetaWarning, stacklevel=1)
