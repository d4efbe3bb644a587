"""Logs of LLM and agent calls; one file per format, found by walking the package."""

from __future__ import annotations

import importlib
import pkgutil

from monitoring_pipelines.logs.llm.base import FORMATS

for _module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["FORMATS"]
