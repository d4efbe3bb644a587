"""One file per metric; the package is walked, so a new file registers itself."""

from __future__ import annotations

import importlib
import pkgutil

from monitoring_pipelines.metrics.base import (
    DRIFT,
    FAIRNESS,
    PERFORMANCE,
    QUALITY,
    SANITY,
    SIGNALS,
)

for _module in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["DRIFT", "FAIRNESS", "PERFORMANCE", "QUALITY", "SANITY", "SIGNALS"]
