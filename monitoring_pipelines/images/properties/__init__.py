"""Properties of images, one file for each or for a small family; every file registers its own."""

from __future__ import annotations

import importlib
import pkgutil

from monitoring_pipelines.images.properties.base import PROPERTIES

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["PROPERTIES"]
